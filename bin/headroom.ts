#!/usr/bin/env node
/**
 * The CLI entry: finds the command, turns errors into text and exit codes. The only place that ends the process.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../bench/package-root.ts';
import { type ExitCode, exitCodes, HeadroomError } from '../lib/errors.ts';
import { nearest } from '../lib/nearest.ts';
import { type CommandContext, parseCommandLine, renderHelp } from './command.ts';
import { commands } from './commands/index.ts';
import { createProgress } from './progress.ts';
import { renderError } from './render-error.ts';

const endSignals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

async function main(argv: readonly string[]): Promise<ExitCode> {
  const [name, ...rest] = argv;
  if (name === undefined || name === '--help' || name === '-h' || name === 'help') {
    process.stdout.write(rootHelp());
    return exitCodes.met;
  }
  if (name === '--version' || name === '-v') {
    process.stdout.write(`${version()}\n`);
    return exitCodes.met;
  }
  const entry = Object.hasOwn(commands, name) ? commands[name] : undefined;
  if (entry === undefined) {
    const isOption = name.startsWith('-');
    const suggestion = nearest(name, isOption ? ['--help', '--version'] : Object.keys(commands));
    throw new HeadroomError(
      'USAGE',
      `unknown ${isOption ? 'option' : 'command'} "${name}"${suggestion === null ? '' : `, did you mean "${suggestion}"?`}`,
      {
        hint: 'headroom --help lists the commands',
      },
    );
  }
  const { command } = await entry.load();
  if (rest.includes('--help') || rest.includes('-h')) {
    process.stdout.write(renderHelp(command));
    return exitCodes.met;
  }
  return await run(rest, command);
}

async function run(
  rest: readonly string[],
  command: Awaited<ReturnType<(typeof commands)[string]['load']>>['command'],
): Promise<ExitCode> {
  const { positionals, options } = parseCommandLine(command, rest);
  const progress = createProgress(process.stderr);
  const interruption = new AbortController();
  const interrupt = (): void => {
    // A second Ctrl-C is heard by nobody on purpose: clean-up is bounded in time and must not be cut short.
    interruption.abort(new HeadroomError('INTERRUPTED', 'interrupted'));
  };
  for (const name of endSignals) process.on(name, interrupt);
  // Client libraries may throw outside of any promise. The command ends as on Ctrl-C, with its clean-up, and the defect is told.
  let defect: unknown = null;
  onDefect = (error) => {
    defect ??= error;
    interruption.abort(new HeadroomError('INTERNAL', 'a defect ended the command', { cause: error }));
  };
  const context: CommandContext = {
    positionals,
    options,
    stdout: (text) => {
      progress.clear();
      process.stdout.write(text);
    },
    stderr: (text) => {
      progress.clear();
      process.stderr.write(text);
    },
    onProgress: progress.onProgress,
    signal: interruption.signal,
    cwd: process.cwd(),
    commandLine: ['headroom', command.name, ...rest],
  };
  try {
    return await command.run(context);
  } finally {
    progress.clear();
    for (const name of endSignals) process.off(name, interrupt);
    onDefect = endByDefect;
    if (defect !== null) await Promise.reject(defect);
  }
}

function version(): string {
  const manifest = JSON.parse(readFileSync(join(packageRoot, 'package.json'), 'utf8')) as { version: string };
  return manifest.version;
}

function rootHelp(): string {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  return [
    'Headroom sizes, provisions and proves Kafka clusters.',
    '',
    'usage: headroom COMMAND [options]',
    '',
    'commands:',
    ...Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`),
    '',
    'exit codes: 0 met, 1 not met, 2 inconclusive, 64 bad input, 69 target unreachable or resource missing,',
    '            70 internal, 130 interrupted',
    '',
    'headroom COMMAND --help tells about one, headroom --version (-v) which version this is',
    '',
    'example:',
    '  headroom prove examples/course-events.yaml',
    '',
  ].join('\n');
}

let outputFailed = false;
/** Outside of a command nothing is to be cleaned up: a defect ends the process at once, in our words and with our exit code. */
const endByDefect = (error: unknown): void => {
  const { text, exitCode } = renderError(error);
  process.stderr.write(text);
  process.exit(exitCode);
};
let onDefect = endByDefect;
process.on('uncaughtException', (error) => onDefect(error));
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // The reader of a pipe went away (`headroom plan X | head`): the outcome still counts.
  if (error.code === 'EPIPE') return;
  outputFailed = true;
  const reason = `standard output cannot be written: ${error.message}`;
  end(renderError(new HeadroomError(error.code === 'ENOSPC' ? 'DISK_FULL' : 'FILE_UNREADABLE', reason)));
});

/** The event loop empties by itself, so that results are flushed; the timer frees a process that a library keeps alive. */
function end({ text, exitCode }: { readonly text: string; readonly exitCode: ExitCode }): void {
  process.stderr.write(text);
  process.exitCode = exitCode;
  setTimeout(() => process.exit(exitCode), 2000).unref();
}

main(process.argv.slice(2)).then(
  (exitCode) => {
    if (!outputFailed) end({ text: '', exitCode });
  },
  (error: unknown) => end(renderError(error)),
);
