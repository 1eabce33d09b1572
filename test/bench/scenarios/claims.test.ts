import { describe, expect, it } from 'vitest';
import { encodeBatch } from '../../../bench/engine/record-batch.ts';
import { loadZstd } from '../../../bench/engine/zstd.ts';
import { createRoundRobinPartitioner } from '../../../bench/load/partitioner.ts';
import { createPayload } from '../../../bench/load/payload.ts';
import { effects } from '../../../bench/scenarios/effects.ts';
import { analyse } from '../../../lib/experiment/analyse.ts';
import { bothAnswers } from '../../../lib/experiment/scenario-result.ts';
import { type Compression, compressions } from '../../../lib/requirements/types.ts';
import { simulate } from '../../experiment/simulated.ts';
import { exampleTopic } from '../example-plan.ts';

describe('entropy', () => {
  const { load, name } = exampleTopic();
  const batchBytes = (entropy: number, codec: Compression) => {
    const plain = { ...load, envelope: false, privateFields: [], keyField: null, keyBytes: 0 };
    const payload = createPayload({ topic: name, load: plain, seed: 1, session: 1, shape: { entropy } });
    const records = Array.from({ length: 200 }, (_, id) => ({
      key: null,
      value: payload.valueOf(id, 0, 0),
      timestampMs: 0,
    }));
    return encodeBatch(records, codec).length;
  };

  it.each(compressions.filter((codec) => codec !== 'none'))(
    '%s shrinks values that are all alike, and random bytes hardly',
    async (codec) => {
      await loadZstd();
      const plain = batchBytes(0, 'none');
      expect(batchBytes(0, codec)).toBeLessThan(0.2 * plain);
      expect(batchBytes(1, codec)).toBeGreaterThan(0.85 * plain);
      expect(batchBytes(0.5, codec)).toBeGreaterThan(2 * batchBytes(0, codec));
    },
  );
});

it('round robin takes every partition in turn', () => {
  const next = createRoundRobinPartitioner(3, 2);
  expect([next(), next(), next(), next()]).toEqual([2, 0, 1, 2]);
});

describe('an answer from rounds', () => {
  const factors = [{ name: 'acks', values: ['all', '0'] }];
  const cells = ['all', '0'].map((acks) => ({ id: `acks=${acks}`, settings: { acks } }));
  const run = { topic: exampleTopic(), driver: 'engine', factors, cells, seed: 1 };
  const truth = {
    'acks=all': { publishP99Ms: 4, recordsPerBatch: 8 },
    'acks=0': { publishP99Ms: 1, recordsPerBatch: 8 },
  };

  it('names what differs and what is equal', () => {
    const found = effects(analyse(run, simulate(truth, 1)), ['publishP99Ms', 'recordsPerBatch']);
    expect(found.outcome).toBe('answered');
    expect(found.text).toMatch(/^acks=0 against all: publish p99 x0\.2\d, records a batch equal\.$/);
  });

  it('is inconclusive with too few of them, and so is what it is a part of', () => {
    const found = effects(analyse(run, simulate(truth, 1, 3)), ['publishP99Ms']);
    expect(found).toEqual({ outcome: 'inconclusive', text: 'too few sound rounds to tell.' });
    const both = bothAnswers({ outcome: 'answered', text: 'Nothing was lost.' }, found);
    expect(both).toEqual({
      outcome: 'inconclusive',
      text: 'Nothing was lost. Inconclusive: too few sound rounds to tell.',
    });
  });
});
