import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, it, onTestFinished } from 'vitest';
import { choosePorts, defaultBasePort, elsewhere, isPortFree } from '../../../bench/local/ports.ts';

/** With ports above it that no outgoing connection of another test is given meanwhile. */
async function takenPort(): Promise<number> {
  for (let port = 22_000 + (process.pid % 5_000); ; port += 1) {
    if (!(await isPortFree(port))) continue;
    const server = createServer().listen(port, '127.0.0.1');
    onTestFinished(() => void server.close());
    await once(server, 'listening');
    return port;
  }
}

it('passes over ports that are taken or reserved', async () => {
  const taken = await takenPort();
  const chosen = await choosePorts({
    brokers: 3,
    namedPort: null,
    secured: true,
    firstPort: taken,
    reserved: new Set([taken + 1]),
  });
  const all = chosen.flatMap(({ secured, ...ports }) => [
    ...Object.values<number>(ports),
    ...Object.values<number>({ ...secured }),
  ]);
  expect(all).not.toContain(taken);
  expect(all).not.toContain(taken + 1);
  expect(new Set(all).size).toBe(18);
  expect(await Promise.all(all.map(isPortFree))).not.toContain(false);
});

it('refuses a named port that is taken, with the ports that are needed', async () => {
  const taken = await takenPort();
  await expect(
    choosePorts({ brokers: 3, namedPort: taken - 2, firstPort: 0, reserved: new Set() }),
  ).rejects.toMatchObject({
    code: 'PORT_TAKEN',
    exitCode: 64,
    message: expect.stringMatching(/port \d+ on 127\.0\.0\.1 is in use; ports \d+, \d+, \d+ are needed/),
  });
});

it('refuses a named port that another local cluster is about to bind', async () => {
  await expect(
    choosePorts({ brokers: 1, namedPort: 28_765, firstPort: 0, reserved: new Set([28_765]) }),
  ).rejects.toMatchObject({ code: 'PORT_TAKEN' });
});

it('gives up past the last port', async () => {
  await expect(
    choosePorts({ brokers: 3, namedPort: null, firstPort: 65_534, reserved: new Set([65_534]) }),
  ).rejects.toMatchObject({ code: 'RESOURCE_MISSING' });
});

it('moves within the range that no outgoing connection uses', () => {
  expect(elsewhere(() => 0)).toBeGreaterThan(defaultBasePort);
  expect(elsewhere(() => 1 - Number.EPSILON) + 300).toBeLessThan(32_768);
});
