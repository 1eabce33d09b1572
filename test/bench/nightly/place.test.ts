import { describe, expect, it } from 'vitest';
import { parseStoreAddress } from '../../../bench/nightly/object-store.ts';
import { nightlyControlTopic, workerPlace } from '../../../bench/nightly/place.ts';
import { runOfControlTopic } from '../../../bench/workers/control-topic.ts';

describe('which worker this is', () => {
  it.each([
    [{}, { index: 0, size: 1 }],
    [
      { HEADROOM_WORKERS: '3', AWS_BATCH_JOB_ARRAY_INDEX: '2' },
      { index: 2, size: 3 },
    ],
    [
      { HEADROOM_WORKERS: '3', JOB_COMPLETION_INDEX: '0' },
      { index: 0, size: 3 },
    ],
  ])('%j', (environment, place) => {
    expect(workerPlace(environment)).toEqual(place);
  });

  it.each([
    { HEADROOM_WORKERS: '0' },
    { HEADROOM_WORKERS: 'many' },
    { AWS_BATCH_JOB_ARRAY_INDEX: '1' },
    { HEADROOM_WORKERS: '2', JOB_COMPLETION_INDEX: '2' },
  ])('is refused for %j', (environment) => {
    expect(() => workerPlace(environment)).toThrow(expect.objectContaining({ code: 'USAGE' }));
  });
});

it('the place to meet is known to all who know the address of the results, and to nobody else', () => {
  const topic = nightlyControlTopic('s3://results/runs/a/1');
  expect(nightlyControlTopic('s3://results/runs/a/1')).toBe(topic);
  expect(nightlyControlTopic('s3://results/runs/a/2')).not.toBe(topic);
  expect(runOfControlTopic(topic)).not.toBeNull();
});

describe('the address of a store', () => {
  it.each([
    ['s3://results', { bucket: 'results', prefix: '' }],
    ['s3://results/runs/a/', { bucket: 'results', prefix: 'runs/a' }],
  ])('%s', (text, address) => {
    expect(parseStoreAddress('--upload', text)).toEqual(address);
  });
  it.each(['results', 's3://', 's3://UPPER/x', 'https://results/x'])('is not %s', (text) => {
    expect(() => parseStoreAddress('--upload', text)).toThrow(/--upload: expected s3:\/\/bucket\/prefix/);
  });
});
