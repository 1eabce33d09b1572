/** What a calibration does to a plan. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Calibration } from '../../../lib/plan/calibration/types.ts';
import { planUseCase } from '../../../lib/plan/plan.ts';
import { renderPlan } from '../../../lib/plan/text.ts';
import { parseUseCase } from '../../../lib/requirements/parse.ts';
import { calibrationWith, costs, machine } from './calibrations.ts';

const text = (target: string, rate = 20_000) => `apiVersion: headroom/v1
useCase: orders
cluster: { target: ${target}, ${target === 'existing' ? 'brokers: 3,' : 'region: us-east-1,'} zones: 3, survive: broker }
topics:
  - service: order
    action: Sent
    message: { size: 1 KB }
    produce: { rate: ${rate}/s, producers: 4 }
    retention: { time: 1d }
    consumers: [{ service: billing, rate: 10000/s }]
`;

function planned(target: string, calibration?: Calibration, rate?: number) {
  return planUseCase(parseUseCase(text(target, rate), 'uc.yaml'), calibration === undefined ? {} : { calibration });
}

const cpuOf = (plan: ReturnType<typeof planned>) => plan.cluster.resources.find(({ resource }) => resource === 'cpu');

/** As `calibrationWith`, measured on the family that is planned. */
function onTypeOf(target: string): Calibration {
  const instanceType = planned(target).cluster.instanceType ?? '';
  return calibrationWith({ machine: { ...machine, instanceType: instanceType.replace('kafka.', '') } });
}

describe('a plan with a calibration', () => {
  it.each(['ec2', 'msk'])('judges CPU on %s by it where the family is the same', (target) => {
    const plan = planned(target, onTypeOf(target));
    expect(cpuOf(plan)).toMatchObject({ evidence: 'calibrated', source: 'calibration' });
    expect(plan.calibration).toMatchObject({ judges: true, reason: null });
    const used = (cpuOf(plan)?.used ?? 0) * plan.cluster.brokers;
    expect(used).toBeCloseTo(plan.calibration?.cores?.normal ?? Number.NaN, 9);
  });

  it('leaves the heuristic where the machine is another one, and says so with both figures', () => {
    const other = calibrationWith({ machine: { ...machine, instanceType: null } });
    const plan = planned('ec2', other);
    expect(cpuOf(plan)).toEqual(cpuOf(planned('ec2')));
    expect(plan.calibration).toMatchObject({ judges: false, reason: expect.stringContaining('is no') });
    expect(plan.calibration?.cores?.normal).toBeGreaterThan(0);
    expect(renderPlan(plan, { explain: false })).toMatch(
      /calibrated .* cores for all brokers .*median 5 % off.* not judged/,
    );
  });

  it.each([
    ['msk-express', 'judged by published rates'],
    ['existing', 'no instance type was chosen'],
  ])('says why it does not judge %s', (target, reason) => {
    expect(planned(target, calibrationWith()).calibration?.reason).toContain(reason);
  });

  it('says that it has no CPU costs rather than none are used', () => {
    const { calibration } = planned('ec2', calibrationWith({ cpu: null, cpuMissing: 'not to be read from here' }));
    expect(calibration).toMatchObject({ cores: null, error: null, judges: false });
    expect(planned('ec2', { ...onTypeOf('ec2'), cpu: null, cpuMissing: 'not to be read' }).calibration?.reason).toBe(
      'not to be read',
    );
  });

  it('grows with the load and never falls after a loss, for each broker left', () => {
    const calibration = onTypeOf('ec2');
    const used = (rate: number) => planned('ec2', calibration, rate).calibration?.cores?.normal ?? 0;
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), fc.integer({ min: 0, max: 20_000 }), (rate, more) => {
        expect(used(rate + more)).toBeGreaterThanOrEqual(used(rate) * (1 - 1e-9));
      }),
      { numRuns: 20 },
    );
    const { cluster } = planned('ec2', calibration);
    const after = cluster.degraded.resources.find(({ resource }) => resource === 'cpu');
    expect(after?.used).toBeGreaterThanOrEqual(cpuOf(planned('ec2', calibration))?.used ?? Number.NaN);
  });

  it('rejects a size that its costs overload, though the heuristic took it', () => {
    const dear = Object.fromEntries(
      Object.entries(costs).map(([kind, cost]) => [kind, { ...cost, coreSeconds: cost.coreSeconds * 40 }]),
    );
    const calibration = { ...onTypeOf('ec2'), cpu: { costs: dear as typeof costs, error: { median: 0, worst: 0 } } };
    const plan = planned('ec2', calibration);
    const plain = planned('ec2');
    expect([plan.cluster.instanceType, plan.cluster.brokers]).not.toEqual([
      plain.cluster.instanceType,
      plain.cluster.brokers,
    ]);
  });
});
