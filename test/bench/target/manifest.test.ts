import { describe, expect, it } from 'vitest';
import { createManifest, deletableGroups, planDeletion, withTopicIds } from '../../../bench/target/manifest.ts';

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

describe('planDeletion', () => {
  it('allows a topic of the manifest with the prefix and the recorded id', () => {
    expect(planDeletion(created, new Map([[ours, 'id-1']]))).toEqual({ deletable: [ours], refused: [] });
  });

  it('never names a topic that is not in the manifest, prefix or not', () => {
    const onCluster = new Map([
      ['orders', 'id-9'],
      ['headroom-r1-other', 'id-8'],
      ['__consumer_offsets', 'id-7'],
    ]);
    expect(planDeletion(created, onCluster)).toEqual({ deletable: [], refused: [] });
  });

  it.each([
    ['created anew by somebody', created, ours, 'id-2', /somebody created it anew/],
    ['of unknown id', createManifest(identity, [ours], []), ours, 'id-1', /id was not recorded/],
    [
      'without the prefix',
      withTopicIds(createManifest(identity, ['orders'], []), new Map([['orders', 'id-1']])),
      'orders',
      'id-1',
      /does not begin with the run's prefix headroom-r1-/,
    ],
    ['under an empty prefix', { ...created, topicPrefix: '' }, ours, 'id-1', /run's prefix/],
  ])('leaves a topic %s alone', (_what, manifest, name, id, reason) => {
    const { deletable, refused } = planDeletion(manifest, new Map([[name, id]]));
    expect(deletable).toEqual([]);
    expect(refused).toEqual([{ name, reason: expect.stringMatching(reason) }]);
  });
});

describe('deletableGroups', () => {
  it('gives only groups with the prefix', () => {
    const manifest = createManifest(identity, [], ['headroom-r1-CGR-lecture-x', 'CGR-lecture-x']);
    expect(deletableGroups(manifest)).toEqual(['headroom-r1-CGR-lecture-x']);
  });
});
