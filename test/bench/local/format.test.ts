import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { prepareDir } from '../../../bench/local/existing-data.ts';
import { metaOf, randomKafkaId } from '../../../bench/local/format.ts';
import { registerCluster } from '../../../bench/local/registry.ts';
import { scratchDir } from './scratch.ts';
import { standInRecord } from './stand-in.ts';

describe('meta.properties of another broker', () => {
  const meta = '#\nnode.id=1\ndirectory.id=B07Pu5zpebnsY_U3GUWM5w\nversion=1\ncluster.id=l33mpoV8GMVegPwlWJt6Bg\n';

  it('differs in node and directory only', () => {
    expect(metaOf(meta, 3, 'X'.repeat(22))).toBe(
      `#\nnode.id=3\ndirectory.id=${'X'.repeat(22)}\nversion=1\ncluster.id=l33mpoV8GMVegPwlWJt6Bg\n`,
    );
  });

  it('is refused when the storage tool writes something else', () => {
    expect(() => metaOf('version=2\n', 3, 'X')).toThrow(/unexpected meta.properties/);
  });

  it('gets ids that Kafka reads: 22 characters, no dash in front, never twice', () => {
    const ids = Array.from({ length: 500 }, randomKafkaId);
    for (const id of ids) expect(id).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
    expect(new Set(ids).size).toBe(500);
  });
});

describe('a directory for a cluster', () => {
  const env = () => ({ XDG_STATE_HOME: scratchDir() });

  function withData(brokers: number): string {
    const dir = scratchDir();
    for (let id = 1; id <= brokers; id++) {
      mkdirSync(join(dir, `broker-${id}`, 'data'), { recursive: true });
      writeFileSync(join(dir, `broker-${id}`, 'data', 'meta.properties'), 'version=1\ncluster.id=abc\n');
    }
    return dir;
  }

  it('is made when it is not there', async () => {
    const dir = join(scratchDir(), 'a', 'b');
    expect(await prepareDir({ dir, brokers: 3, keepData: false, env: env() })).toBeNull();
  });

  it('gives the cluster id of the data it holds', async () => {
    expect(await prepareDir({ dir: withData(3), brokers: 3, keepData: true, env: env() })).toBe('abc');
  });

  it('is refused when its data is of another number of brokers', async () => {
    await expect(prepareDir({ dir: withData(3), brokers: 1, keepData: true, env: env() })).rejects.toMatchObject({
      code: 'USAGE',
      message: expect.stringContaining('of 3 brokers'),
    });
  });

  it('is refused for a cluster that would delete the data it finds', async () => {
    await expect(prepareDir({ dir: withData(3), brokers: 3, keepData: false, env: env() })).rejects.toMatchObject({
      code: 'USAGE',
    });
  });

  it('is refused while a cluster runs in it', async () => {
    const state = env();
    const { record } = await registerCluster(standInRecord(), state);
    await expect(prepareDir({ dir: record.dir, brokers: 2, keepData: false, env: state })).rejects.toMatchObject({
      code: 'CLUSTER_EXISTS',
    });
  });

  it('is refused when it cannot be one', async () => {
    const file = join(scratchDir(), 'file');
    writeFileSync(file, '');
    await expect(prepareDir({ dir: join(file, 'x'), brokers: 3, keepData: false, env: env() })).rejects.toMatchObject({
      code: 'USAGE',
      exitCode: 64,
    });
  });
});
