/** A run against something that is no Kafka, or says nothing: a clear error in bounded time, and nothing left behind. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Writer } from '@platformatic/kafka';
import { describe, expect, it } from 'vitest';
import { defaultDriver } from '../../../bench/drivers/index.ts';
import { prove } from '../../../bench/prove.ts';
import { runLengths } from '../../../bench/run-lengths.ts';
import { type FakeAnswer, startFakeBroker } from '../engine/fake-broker.ts';
import { examplePlan } from '../example-plan.ts';

/** Three more tries of ten seconds each, and the pauses between them. */
const longestMs = 60_000;

const answers: readonly (readonly [string, FakeAnswer])[] = [
  ['nothing', () => null],
  ['an empty answer', () => Writer.create()],
  ['noise', () => Writer.create().append(Buffer.alloc(64, 0xff))],
  [
    'what no Kafka says',
    ({ socket }) => {
      socket.write('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
      return null;
    },
  ],
];

describe('a cluster that answers', () => {
  it.concurrent.each(answers)('%s ends the run before anything is written', async (_, answer) => {
    const base = await mkdtemp(join(tmpdir(), 'headroom-broken-'));
    const broker = await startFakeBroker(answer);
    const address = `127.0.0.1:${broker.port}`;
    const beganMs = performance.now();
    const refusal: unknown = await prove({
      plan: examplePlan(),
      useCaseText: '',
      target: { kind: 'existing', bootstrap: [address], clusterId: 'pinned' },
      driver: defaultDriver,
      seed: 1,
      lengths: runLengths({ measureMs: null, tradeOff: false, retention: false }),
      commandLine: [],
      resultsBase: base,
      stateFolder: base,
      onProgress: () => {},
      signal: new AbortController().signal,
    }).catch((error: unknown) => error);
    expect(refusal).toMatchObject({
      code: 'TARGET_UNREACHABLE',
      exitCode: 69,
      message: expect.stringContaining(address),
    });
    expect(performance.now() - beganMs).toBeLessThan(longestMs);
    expect(await readdir(base)).toEqual([]);
    for (let turn = 0; turn < 200 && broker.sockets.size > 0; turn += 1) await new Promise((r) => setTimeout(r, 20));
    expect(broker.sockets.size).toBe(0);
    broker.close();
    await rm(base, { recursive: true });
  });
});
