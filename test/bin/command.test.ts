import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { type Command, type CommandContext, integerOption, parseCommandLine, renderHelp } from '../../bin/command.ts';
import { commands } from '../../bin/commands/index.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { runCommand } from './run-command.ts';

const sample: Command = {
  name: 'plan',
  arguments: 'FILE',
  minArguments: 1,
  maxArguments: 1,
  summary: 'Turns a use case into a plan.',
  options: {
    json: { type: 'boolean', description: 'print the plan as JSON' },
    seed: { type: 'string', value: 'N', description: 'seed of every random choice' },
  },
  examples: ['headroom plan examples/course-events.yaml'],
  run: async () => exitCodes.met,
};

const contextWith = (options: CommandContext['options']): CommandContext => ({
  positionals: [],
  options,
  stdout: () => {},
  stderr: () => {},
  onProgress: () => {},
  signal: new AbortController().signal,
  cwd: '/',
  commandLine: [],
});

function thrownBy(work: () => unknown): HeadroomError {
  try {
    work();
  } catch (error) {
    if (error instanceof HeadroomError) return error;
    throw error;
  }
  throw new Error('nothing was thrown');
}

describe('parseCommandLine', () => {
  it('gives positionals and options', () => {
    expect(parseCommandLine(sample, ['a.yaml', '--json', '--seed', '7'])).toEqual({
      positionals: ['a.yaml'],
      options: expect.objectContaining({ json: true, seed: '7' }),
    });
  });

  it.each([
    { argv: ['a.yaml', '--jsn'], says: '--jsn' },
    { argv: ['a.yaml', '--seed'], says: '--seed' },
    { argv: [], says: 'expected FILE, got nothing' },
    { argv: ['a.yaml', 'b.yaml'], says: 'expected FILE, got a.yaml b.yaml' },
  ])('refuses $argv with usage and exit code 64', ({ argv, says }) => {
    const error = thrownBy(() => parseCommandLine(sample, argv));
    expect(error.code).toBe('USAGE');
    expect(error.exitCode).toBe(64);
    expect(error.message).toContain(says);
    expect(error.hint).toContain('usage: headroom plan FILE [options]');
  });

  it('names the option that a misspelt one most likely meant', () => {
    expect(thrownBy(() => parseCommandLine(sample, ['a.yaml', '--jsn'])).message).toContain('did you mean --json?');
  });
});

describe('integerOption', () => {
  const bounds = { min: 1, max: 9, fallback: 3 };

  it('falls back when the option is absent', () => {
    expect(integerOption(contextWith({}), 'brokers', bounds)).toBe(3);
  });

  it.each(['0', '10', '-1', '1.5', 'three', '', '1e1', ' 3'])('refuses "%s" and says what is allowed', (text) => {
    const error = thrownBy(() => integerOption(contextWith({ brokers: text }), 'brokers', bounds));
    expect(error.message).toBe(`--brokers: expected a whole number from 1 to 9, got "${text}"`);
    expect(error.hint).toBe('for instance --brokers 3');
  });

  it('shows a number that is allowed where there is no default', () => {
    const noDefault = { ...bounds, fallback: Number.NaN };
    expect(integerOption(contextWith({}), 'index', noDefault)).toBeNaN();
    const error = thrownBy(() => integerOption(contextWith({ index: 'x' }), 'index', noDefault));
    expect(error.hint).toBe('for instance --index 1');
  });
});

describe('every command', () => {
  it.each(Object.entries(commands))(
    '%s: name and summary match its entry, its help ends in an example of itself',
    async (name, entry) => {
      const { command } = await entry.load();
      expect(command.name).toBe(name);
      expect(command.summary).toBe(entry.summary);
      expect(renderHelp(command).trimEnd().split('\n').at(-1)).toMatch(new RegExp(`^ +(npx )?headroom ${name}\\b`));
    },
  );

  // A worker alone is not to be had: somebody has to begin its run.
  it.each(Object.entries(commands).filter(([name]) => name !== 'worker'))(
    '%s: the example that ends its help runs as it stands, on files of the package',
    async (_, entry) => {
      const { command } = await entry.load();
      const [, , ...argv] = (command.examples.at(-1) ?? '').split(' ');
      const { positionals, options } = parseCommandLine(command, argv);
      const given = [...positionals, ...Object.values(options).flat()].filter((text) =>
        /^(results|cdk|examples)\b/.test(`${text}`),
      );
      expect(given.filter((path) => !existsSync(join(packageRoot, `${path}`)))).toEqual([]);
      if (!['plan', 'lint', 'diff', 'runbook'].includes(command.name)) return;
      const { exitCode } = await runCommand(command, argv, packageRoot);
      expect([exitCodes.met, exitCodes.notMet]).toContain(exitCode);
    },
  );
});
