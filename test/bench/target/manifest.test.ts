import { describe, expect, it } from 'vitest';
import {
  createManifest,
  deletableGroups,
  deletableTopicIds,
  whyLeft,
  withTopicIds,
} from '../../../bench/target/manifest.ts';

const identity = { runId: 'r1', clusterId: 'cluster' };
const ours = 'headroom-r1-categoryChanged';
const created = withTopicIds(createManifest(identity, [ours], []), new Map([[ours, 'id-1']]));

describe('createManifest', () => {
  it('refuses a name over 249 characters and says by how much', () => {
    const name = `headroom-r1-${'a'.repeat(240)}`;
    expect(() => createManifest(identity, [name], [])).toThrow(/252 characters long .* Kafka allows 249/);
    expect(() => createManifest(identity, [], [name])).toThrow(/Kafka allows 249/);
    expect(createManifest(identity, [name.slice(0, 249)], []).topics).toHaveLength(1);
  });

  it('takes in only ids of topics it names, and keeps the first id', () => {
    const manifest = withTopicIds(
      created,
      new Map([
        [ours, 'id-2'],
        ['foreign', 'id-3'],
      ]),
    );
    expect(manifest.topics).toEqual([{ name: ours, topicId: 'id-1' }]);
  });
});

describe('deletableTopicIds', () => {
  it('gives the recorded ids of topics with the prefix', () => {
    expect(deletableTopicIds(created)).toEqual(['id-1']);
  });

  it.each([
    ['without a recorded id', createManifest(identity, [ours], [])],
    ['without the prefix', withTopicIds(createManifest(identity, ['orders'], []), new Map([['orders', 'id-1']]))],
    ['under an empty prefix', { ...created, topicPrefix: '' }],
  ])('gives none %s', (_what, manifest) => {
    expect(deletableTopicIds(manifest)).toEqual([]);
  });
});

describe('whyLeft', () => {
  it.each([
    [created, ours, 'id-1', /is still there/],
    [created, ours, 'id-2', /id is id-2, recorded was id-1: somebody created it anew/],
    [createManifest(identity, [ours], []), ours, 'id-1', /id was not recorded/],
    [createManifest(identity, ['orders'], []), 'orders', 'id-1', /lacks the run's prefix headroom-r1-/],
  ])('tells why, %#', (manifest, name, id, reason) => {
    expect(whyLeft(manifest, name, id)).toMatch(reason);
  });
});

describe('deletableGroups', () => {
  it('gives only groups with the prefix', () => {
    const manifest = createManifest(identity, [], ['headroom-r1-CGR-lecture-x', 'CGR-lecture-x']);
    expect(deletableGroups(manifest)).toEqual(['headroom-r1-CGR-lecture-x']);
  });
});
