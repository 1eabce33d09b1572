/**
 * A command as data: its help is rendered from the same definition that parses its arguments.
 */
import { parseArgs } from 'node:util';
import type { OnProgress } from '../bench/progress.ts';
import { type ExitCode, HeadroomError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { toNumber } from '../lib/rational.ts';
import { formatDurationMs, parseDurationMs } from '../lib/units.ts';

export interface OptionSpec {
  readonly type: 'boolean' | 'string';
  /** Placeholder of the value in the help, such as `N`; for string options. */
  readonly value?: string;
  readonly description: string;
  /** May be given more than once. */
  readonly multiple?: boolean;
}

export type OptionValues = Readonly<Record<string, string | boolean | readonly string[] | undefined>>;

/** Everything a command may touch of the outside world. Results go to `stdout`, progress and remarks to `stderr`. */
export interface CommandContext {
  readonly positionals: readonly string[];
  readonly options: OptionValues;
  readonly stdout: (text: string) => void;
  readonly stderr: (text: string) => void;
  /** Draws progress on a terminal, stays silent elsewhere. */
  readonly onProgress: OnProgress;
  /** Aborted by Ctrl-C and SIGTERM. */
  readonly signal: AbortSignal;
  readonly cwd: string;
  /** As typed, for the record of a run. */
  readonly commandLine: readonly string[];
}

export interface Command {
  readonly name: string;
  /** Positional arguments for the usage line, such as `FILE`; empty when there are none. */
  readonly arguments: string;
  readonly minArguments: number;
  readonly maxArguments: number;
  readonly summary: string;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Shown after the options; for instance the exit codes that matter. */
  readonly notes?: string;
  /** Command lines that run as they stand. */
  readonly examples: readonly string[];
  run(context: CommandContext): Promise<ExitCode>;
}

/** Parses what follows the command's name. Throws a USAGE error that names the fault and the nearest known option. */
export function parseCommandLine(
  command: Command,
  argv: readonly string[],
): { positionals: string[]; options: OptionValues } {
  let parsed: { positionals: string[]; values: Record<string, unknown> };
  try {
    parsed = parseArgs({
      args: [...argv],
      allowPositionals: true,
      strict: true,
      options: Object.fromEntries(
        Object.entries(command.options).map(([name, spec]) => [
          name,
          { type: spec.type, multiple: spec.multiple ?? false },
        ]),
      ),
    });
  } catch (error) {
    throw new HeadroomError('USAGE', `${command.name}: ${firstSentence(error)}${suggestion(command, error)}`, {
      hint: `usage: ${usageLine(command)}\n      see headroom ${command.name} --help`,
    });
  }
  const { positionals } = parsed;
  if (positionals.length < command.minArguments || positionals.length > command.maxArguments) {
    const expected = command.arguments === '' ? 'no argument' : command.arguments;
    throw new HeadroomError(
      'USAGE',
      `${command.name}: expected ${expected}, got ${positionals.length === 0 ? 'nothing' : positionals.join(' ')}`,
      {
        hint: `usage: ${usageLine(command)}\n      for instance: ${command.examples[0]}`,
      },
    );
  }
  return { positionals, options: parsed.values as OptionValues };
}

export function usageLine(command: Command): string {
  return ['headroom', command.name, command.arguments, Object.keys(command.options).length > 0 ? '[options]' : '']
    .filter(Boolean)
    .join(' ');
}

/** The text of `headroom COMMAND --help`. */
export function renderHelp(command: Command): string {
  const rows = Object.entries(command.options).map(([name, spec]) => [
    `--${name}${spec.type === 'string' ? ` ${spec.value ?? 'VALUE'}` : ''}`,
    spec.description,
  ]);
  const width = Math.max(0, ...rows.map(([flag]) => flag?.length ?? 0));
  return [
    `${command.summary}`,
    '',
    `usage: ${usageLine(command)}`,
    ...(rows.length > 0
      ? ['', 'options:', ...rows.map(([flag, text]) => `  ${(flag ?? '').padEnd(width)}  ${text}`)]
      : []),
    ...(command.notes === undefined ? [] : ['', command.notes]),
    '',
    command.examples.length === 1 ? 'example:' : 'examples:',
    ...command.examples.map((example) => `  ${example}`),
    '',
  ].join('\n');
}

/** A string option, or undefined when it was not given. */
export function stringOption(context: CommandContext, name: string): string | undefined {
  const value = context.options[name];
  return typeof value === 'string' ? value : undefined;
}

/**
 * An integer option within bounds; `fallback` when it was not given. Throws a USAGE error otherwise.
 */
export function integerOption(
  context: CommandContext,
  name: string,
  bounds: { min: number; max: number; fallback: number },
): number {
  const text = stringOption(context, name);
  if (text === undefined) return bounds.fallback;
  const value = Number(text);
  if (!/^\d+$/.test(text) || value < bounds.min || value > bounds.max) {
    throw new HeadroomError(
      'USAGE',
      `--${name}: expected a whole number from ${bounds.min} to ${bounds.max}, got "${text}"`,
      {
        // What has no default has no number to show for it.
        hint: `for instance --${name} ${Number.isNaN(bounds.fallback) ? bounds.min : bounds.fallback}`,
      },
    );
  }
  return value;
}

/**
 * A duration in milliseconds, null when it was not given. Throws a USAGE error for what is none, or is out of the bounds
 * where there are any.
 */
export function durationMsOption(
  context: CommandContext,
  name: string,
  { min = 0, max = Number.POSITIVE_INFINITY, example }: { min?: number; max?: number; example: string },
): number | null {
  const text = stringOption(context, name);
  if (text === undefined) return null;
  const parsed = parseDurationMs(text);
  const milliseconds = parsed.ok ? toNumber(parsed.value) : Number.NaN;
  if (milliseconds >= min && milliseconds <= max) return milliseconds;
  const expected = Number.isFinite(max)
    ? `a duration from ${formatDurationMs(min)} to ${formatDurationMs(max)}`
    : parsed.ok
      ? `a duration of ${formatDurationMs(min)} or more`
      : parsed.expected;
  throw new HeadroomError('USAGE', `--${name}: expected ${expected}, got "${text}"`, {
    hint: `for instance --${name} ${example}`,
  });
}

/** Names the option that the unknown one in the parser's message most likely meant. */
function suggestion(command: Command, error: unknown): string {
  const unknown = error instanceof Error ? /^Unknown option '--([^']+)'/.exec(error.message)?.[1] : undefined;
  const known = unknown === undefined ? null : nearest(unknown, Object.keys(command.options));
  return known === null ? '' : `, did you mean --${known}?`;
}

function firstSentence(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text.split('. ')[0] ?? text;
}
