/** A command as the program runs it, without the program: what it prints, and with which code it ends. */
import { type Command, type CommandContext, parseCommandLine } from '../../bin/command.ts';
import type { ExitCode } from '../../lib/errors.ts';

export async function runCommand(
  command: Command,
  argv: readonly string[],
  cwd: string,
): Promise<{ readonly exitCode: ExitCode; readonly stdout: string }> {
  let stdout = '';
  const context: CommandContext = {
    ...parseCommandLine(command, argv),
    stdout: (text) => {
      stdout += text;
    },
    stderr: () => {},
    onProgress: () => {},
    signal: new AbortController().signal,
    cwd,
    commandLine: ['headroom', command.name, ...argv],
  };
  return { exitCode: await command.run(context), stdout };
}
