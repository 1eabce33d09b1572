/** A use case means the same however its keys are ordered; only the order of lists counts. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { planUseCase } from '../../lib/plan/plan.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';

const file = {
  apiVersion: 'headroom/v1',
  useCase: 'orders',
  description: 'Orders',
  cluster: { target: 'msk', region: 'us-east-1', zones: 3, survive: 'zone' },
  storage: { buffer: '150%' },
  topics: [
    {
      service: 'order',
      entity: 'Payment',
      action: 'Approved',
      message: {
        size: '300 B',
        key: 'paymentId',
        compression: 'zstd',
        ratio: '40%',
        private: ['card'],
        envelope: true,
      },
      produce: { rate: '200/s', peak: '1000/s', producers: 2, growth: '5%/month' },
      handover: 'kafka',
      retention: { time: '5d', guaranteed: '3d', cleanup: 'delete' },
      reuse: ['replay'],
      replicas: 3,
      guarantee: { loss: 'never', duplicates: 'allowed', order: 'key' },
      consumers: [{ service: 'shipping', rate: '100/s', catchUp: { outage: '1h', within: '30m' } }],
    },
    {
      name: 'state',
      message: { size: '1 KiB', key: 'id' },
      produce: { rate: '5/s' },
      retention: { cleanup: 'compact', keys: 1000 },
    },
  ],
  slo: { publish: { p99: '250ms' }, endToEnd: { p99: '500ms' }, lag: { max: 5000 }, cost: { max: '2000 USD/month' } },
};

/** The same value with the keys of every mapping in an order that `seed` decides. */
function reordered(value: unknown, next: () => number): unknown {
  if (Array.isArray(value)) return value.map((item) => reordered(item, next));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, child]) => [next(), key, reordered(child, next)] as const);
  return Object.fromEntries(entries.sort(([a], [b]) => a - b).map(([, key, child]) => [key, child]));
}

const planText = (value: unknown): string =>
  JSON.stringify(planUseCase(parseUseCase(JSON.stringify(value), 'uc.yaml')));
const plain = planText(file);

it('gives the same plan, byte for byte', () => {
  fc.assert(
    fc.property(fc.infiniteStream(fc.double({ min: 0, max: 1, noNaN: true })), (stream) => {
      const next = (): number => stream.next().value as number;
      expect(planText(reordered(file, next))).toBe(plain);
    }),
    { numRuns: 40 },
  );
});
