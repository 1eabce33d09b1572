import { describe, expect, it } from 'vitest';
import { HeadroomError } from '../../lib/errors.ts';
import { whatIf, whatIfKeys } from '../../lib/plan/what-if.ts';
import { toNumber } from '../../lib/rational.ts';
import type { TopicRequirement } from '../../lib/requirements/types.ts';
import { dayMs, topicOf, useCaseOf } from './use-cases.ts';

const base = useCaseOf([
  topicOf(),
  topicOf({ name: 'settings', retention: { cleanup: 'compact', timeMs: null, keys: 9 } }),
]);

function topicAfter(text: string): TopicRequirement {
  const [topic] = whatIf(base, text).topics;
  if (topic === undefined) throw new Error('no topic');
  return topic;
}

const ratesOf = ({ produce }: TopicRequirement): number[] => [
  toNumber(produce.ratePerSec),
  toNumber(produce.peakPerSec),
];

describe('what if', () => {
  it.each([
    ['load=x2', [400, 2000]],
    ['peak=x3', [200, 3000]],
    ['rate=x2', [400, 1000]],
    ['rate=x10', [2000, 2000]],
    ['rate=500/s', [500, 1000]],
    ['peak=60000/min', [200, 1000]],
    ['load=x0.5', [100, 500]],
  ])('%s gives average and peak of %j', (text, rates) => {
    expect(ratesOf(topicAfter(text))).toEqual(rates);
  });

  it('changes what is kept, how large and how often', () => {
    expect(topicAfter('retention=14d').retention.timeMs).toBe(14 * dayMs);
    expect(topicAfter('retention=x2').retention.timeMs).toBe(10 * dayMs);
    expect(topicAfter('size=1 KB').message.sizeBytes).toBe(1000);
    expect(topicAfter('size=x1.5').message.sizeBytes).toBe(300);
    expect(topicAfter('replicas=2').replicas).toBe(2);
    expect(toNumber(topicAfter('growth=10%/month').produce.growthPerMonth)).toBeCloseTo(0.1, 12);
  });

  it('adds groups like the first, and to a topic that nobody reads', () => {
    expect(topicAfter('groups=+2').consumers.map(({ service }) => service)).toEqual([
      'lecture',
      'lecture-what-if-1',
      'lecture-what-if-2',
    ]);
    const unread = useCaseOf([topicOf({ consumers: [] })]);
    expect(whatIf(unread, 'groups=+1').topics[0]?.consumers).toHaveLength(1);
  });

  it('changes the cluster', () => {
    expect(whatIf(base, 'brokers=6,zones=2,survive=zone').cluster).toMatchObject({
      brokers: 6,
      zones: 2,
      survive: 'zone',
    });
    expect(whatIf(base, 'brokers=free').cluster.brokers).toBeNull();
  });

  it('keeps compacted topics by their keys', () => {
    expect(whatIf(base, 'retention=14d').topics[1]?.retention.timeMs).toBeNull();
  });

  it('applies several changes from left to right and leaves the file as it is', () => {
    expect(ratesOf(topicAfter('load=x2, peak=x3'))).toEqual([400, 6000]);
    expect(ratesOf(base.topics[0] ?? topicOf())).toEqual([200, 1000]);
  });

  it('has an example that works for every key', () => {
    for (const example of Object.values(whatIfKeys).flatMap((text) => text.split(' or ')))
      expect(() => whatIf(base, example.split(' (')[0] ?? example), example).not.toThrow();
  });

  it.each([
    ['', 'nothing'],
    ['peek=x3', 'did you mean peak?'],
    ['peak=3', 'peak=x3 or peak=3000/s'],
    ['peak=x0', 'peak=x3'],
    ['size=0 B', 'size=x2'],
    ['peak=50 MB/s', 'peak=x3'],
    ['retention=soon', 'retention=14d'],
    ['groups=1', 'groups=+1'],
    ['replicas=0', 'replicas=3'],
    ['survive=everything', 'survive=zone'],
    ['constructor=x2', 'one of'],
  ])('"%s" is refused with what was expected', (text, expected) => {
    expect(() => whatIf(base, text)).toThrow(expect.objectContaining({ code: 'USAGE', exitCode: 64 }));
    expect(() => whatIf(base, text)).toThrow(expected);
  });

  it('reports all faults at once', () => {
    try {
      whatIf(base, 'peek=x3,retention=soon');
      expect.unreachable();
    } catch (error) {
      expect((error as HeadroomError).message).toMatch(/peek.*soon/);
      expect(error).toBeInstanceOf(HeadroomError);
    }
  });
});
