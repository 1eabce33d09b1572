import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../bench/package-root.ts';
import type { CommandContext } from '../../../bin/command.ts';
import { command } from '../../../bin/commands/limit.ts';

function run(options: CommandContext['options'], file = 'examples/course-events.yaml') {
  return command.run({
    positionals: [file],
    options,
    stdout: () => {},
    stderr: () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    cwd: packageRoot,
    commandLine: ['headroom', 'limit', file],
  });
}

describe('what limit refuses before anything is started', () => {
  it.each([
    [{ from: '0/s' }, /--from: expected 50\/s to 10,000,000\/s, got 0\/s/],
    [{ to: '1000000000000/s' }, /--to: .*no generator on one machine makes more/],
    [{ from: 'fast' }, /--from: expected a rate such as 200\/s or 50 MB\/s, got "fast"/],
    [{ to: '1 KB/s' }, /--to: expected .* got 5\/s/],
    [{ time: '1s' }, /--time: expected 20 s to 1 h, got 1 s/],
    [{ time: 'long' }, /--time: expected a duration/],
    [{ resolution: '0%' }, /--resolution: expected 1% to 50%/],
    [{ from: '200/s', to: '100/s' }, /the lower rate comes first/],
    [{ driver: 'nobody' }, /no driver is called "nobody"/],
    [{ 'cluster-id': 'x' }, /there is no --bootstrap/],
  ])('%j', async (options, expected) => {
    await expect(run(options)).rejects.toMatchObject({ exitCode: 64, message: expect.stringMatching(expected) });
  });

  it('a use case that is not there', async () => {
    await expect(run({}, 'no-such-file.yaml')).rejects.toMatchObject({ code: 'FILE_UNREADABLE' });
  });
});
