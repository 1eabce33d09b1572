/** Each setting that breaks a promise, planted into a plan that keeps it. */
import { describe, expect, it } from 'vitest';
import { planUseCase } from '../../lib/plan/plan.ts';
import { type Settings, settingsWarnings } from '../../lib/plan/settings-warnings.ts';
import type { Target } from '../../lib/requirements/types.ts';
import { perSec, type TopicChange, topicOf, useCaseOf } from './use-cases.ts';

function planned(change: TopicChange = {}): Settings {
  const [topic] = planUseCase(useCaseOf([topicOf(change)])).topics;
  if (topic === undefined) throw new Error('no topic');
  return topic;
}

const sound = planned();
const producing = (change: Partial<Settings['producer']>): Settings =>
  ({ ...sound, producer: { ...sound.producer, ...change } }) as Settings;
const configured = (change: Settings['config']): Settings => ({ ...sound, config: { ...sound.config, ...change } });
const unset = (name: string): Settings => {
  const { [name]: _, ...config } = sound.config;
  return { ...sound, config };
};

describe('settings that break a promise', () => {
  it.each<[Target]>([['msk'], ['ec2'], ['existing']])('are none in what the plan sets on %s', (target) => {
    expect(settingsWarnings(sound, target, 'topics[0]')).toEqual([]);
  });

  it.each<[string, string, Settings, Target, RegExp, RegExp]>([
    ['acks=1 with loss: never', 'LOSS_NEVER_WEAK_ACKS', producing({ acks: '1' }), 'msk', /acks 1/, /acks=all/],
    ['acks=0 with loss: never', 'LOSS_NEVER_WEAK_ACKS', producing({ acks: '0' }), 'msk', /acks 0/, /acks=all/],
    [
      'the default of MSK',
      'UNCLEAN_LEADER_ELECTION',
      unset('unclean.leader.election.enable'),
      'msk',
      /default of MSK/,
      /=false/,
    ],
    [
      'an unclean election as text, as brokers answer it',
      'UNCLEAN_LEADER_ELECTION',
      configured({ 'unclean.leader.election.enable': 'true' }),
      'ec2',
      /lags behind/,
      /=false/,
    ],
    [
      'min.insync 1',
      'LOSS_NEVER_MIN_INSYNC_ONE',
      configured({ 'min.insync.replicas': 1 }),
      'msk',
      /leader alone/,
      /min\.insync\.replicas=2/,
    ],
    [
      'min.insync above the replicas',
      'MIN_INSYNC_ABOVE_REPLICAS',
      configured({ 'min.insync.replicas': 4 }),
      'msk',
      /no write/,
      /at most 3/,
    ],
    [
      'retries out of order',
      'RETRIES_NOT_IDEMPOTENT',
      producing({ 'enable.idempotence': false }),
      'msk',
      /overtakes/,
      /idempotence=true/,
    ],
    [
      'idempotence with 6 in flight',
      'IDEMPOTENCE_REFUSED',
      producing({ 'max.in.flight.requests.per.connection': 6 }),
      'msk',
      /refuse to start/,
      /at most 5/,
    ],
  ])('%s', (_case, code, topic, target, message, remedy) => {
    const found = settingsWarnings(topic, target, 'topics[0]').find((warning) => warning.code === code);
    expect(found?.path).toMatch(/^topics\[0\]\./);
    expect(found?.message).toMatch(message);
    expect(found?.remedy).toMatch(remedy);
  });

  it('leave alone what is not promised, or what the target fixes', () => {
    const lossy = planned({ guarantee: { loss: 'allowed', order: 'none' } });
    expect(settingsWarnings(lossy, 'msk', 'topics[0]')).toEqual([]);
    expect(settingsWarnings(unset('unclean.leader.election.enable'), 'msk-express', 'topics[0]')).toEqual([]);
    expect(settingsWarnings(unset('unclean.leader.election.enable'), 'ec2', 'topics[0]')).toEqual([]);
  });
});

describe('a service that reads topics with the same key', () => {
  const reading = (name: string, rate: number, key: string | null = 'orderId') =>
    topicOf({ name, message: { key }, consumers: [{ service: 'billing', ratePerSec: perSec(rate), catchUp: null }] });
  const codesOf = (...topics: ReturnType<typeof topicOf>[]) =>
    planUseCase(useCaseOf(topics)).warnings.filter(({ code }) => code === 'CO_PARTITIONING_UNEQUAL');

  it('is told when their partitions differ, with the numbers', () => {
    const [warning, ...rest] = codesOf(reading('a', 100), reading('b', 250), reading('c', 100));
    expect(rest).toEqual([]);
    expect(warning).toMatchObject({ path: 'topics[1].consumers' });
    expect(warning?.message).toContain('(a 10, b 4, c 10)');
    expect(warning?.remedy).toContain('10 partitions');
  });

  it('is not told where they are equal, keyed otherwise, or have no key', () => {
    expect(codesOf(reading('a', 100), reading('b', 100))).toEqual([]);
    expect(codesOf(reading('a', 100), reading('b', 250, 'customerId'))).toEqual([]);
    expect(codesOf(reading('a', 100, null), reading('b', 250, null))).toEqual([]);
  });
});
