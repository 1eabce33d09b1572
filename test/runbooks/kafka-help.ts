/** The options of Kafka's own tools, as their help tells them. */
import { execFile } from 'node:child_process';
import type { ToolOptions } from './block-faults.ts';

/** Options by sub-command, '' for those of the tool itself. */
export async function optionsOf(java: string, classpath: string, tool: string): Promise<ToolOptions[string]> {
  const help = await helpOf(java, classpath, [tool]);
  const options: Record<string, readonly string[]> = { '': optionsIn(help) };
  for (const verb of verbsIn(help)) {
    // These tools want to know where the cluster is before they tell about a sub-command.
    const address = options['']?.includes('--bootstrap-server') ? ['--bootstrap-server', 'localhost:1'] : [];
    options[verb] = optionsIn(await helpOf(java, classpath, [tool, ...address, verb]));
  }
  return options;
}

function helpOf(java: string, classpath: string, args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    // The tools end with 1 after their help.
    execFile(java, ['-XX:TieredStopAtLevel=1', '-cp', classpath, ...args, '--help'], (_error, stdout, stderr) =>
      resolve(`${stdout}${stderr}`),
    );
  });
}

/** The first column, which two libraries write: `--topic <String: topic>`, `* --topic`, `  -h, --help`. */
export function optionsIn(help: string): readonly string[] {
  const found = [...help.matchAll(/^ {0,2}(?:\* |-\w, )?(--[a-z][\w.-]*)/gm)].map(([, option]) => option ?? '');
  return [...new Set(found)].sort();
}

/** `{describe,add-controller}` in the usage, or the names listed under `commands:`. */
export function verbsIn(help: string): readonly string[] {
  const braces = /\{([a-z,-]+)\}/.exec(help)?.[1];
  if (braces !== undefined) return braces.split(',');
  const listed = help.split(/^commands:$/m)[1] ?? '';
  return [...listed.matchAll(/^ {4}([a-z]\S*)/gm)].map(([, verb]) => verb ?? '');
}
