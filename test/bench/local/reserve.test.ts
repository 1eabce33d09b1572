import { expect, it } from 'vitest';
import { listClusters } from '../../../bench/local/registry.ts';
import { registerWithPorts } from '../../../bench/local/reserve.ts';
import { scratchDir } from './scratch.ts';
import { standInRecord } from './stand-in.ts';

function reserve(env: { XDG_STATE_HOME: string }, namedPort: number | null) {
  const dir = scratchDir();
  return registerWithPorts({
    dir,
    brokers: 3,
    namedPort,
    env,
    describe: (ports) => ({
      ...standInRecord({ dir }),
      brokers: ports.map((each, index) => ({ ...each, id: index + 1, rack: 'r', dir })),
    }),
  });
}

it('two clusters that start at the same moment never share a port', async () => {
  const env = { XDG_STATE_HOME: scratchDir() };
  const clusters = await Promise.all([reserve(env, null), reserve(env, null), reserve(env, null)]);
  const ports = clusters.flatMap(({ record }) =>
    record.brokers.flatMap(({ port, controllerPort, jmxPort }) => [port, controllerPort, jmxPort]),
  );
  expect(new Set(ports).size).toBe(27);
  expect(await listClusters(env)).toHaveLength(3);
});

it('of two that name the same port at least one is told, and leaves no record', async () => {
  const env = { XDG_STATE_HOME: scratchDir() };
  const outcomes = await Promise.allSettled([reserve(env, 28_300), reserve(env, 28_300)]);
  const refused = outcomes.filter((each) => each.status === 'rejected');
  expect(refused.length).toBeGreaterThan(0);
  for (const { reason } of refused) expect(reason).toMatchObject({ code: 'PORT_TAKEN' });
  expect(await listClusters(env)).toHaveLength(2 - refused.length);
});
