/** `headroom doctor`: what a local run needs, and how to mend what is missing. */
import { resolve } from 'node:path';
import { diagnose, exitCodeOf, type Finding } from '../../bench/local/doctor.ts';
import type { Command } from '../command.ts';
import { defaultClusterDir } from '../local-dir.ts';

export const command: Command = {
  name: 'doctor',
  arguments: '',
  minArguments: 0,
  maxArguments: 0,
  summary: 'check what a local run needs and say how to mend it',
  options: { json: { type: 'boolean', description: 'print the findings as JSON' } },
  notes:
    'Exits 0 when a local run can work, 64 when a program is missing or too old, 69 when memory or disk is too small.',
  examples: ['headroom doctor', 'headroom doctor --json'],
  async run({ options, stdout, cwd }) {
    const findings = await diagnose({
      env: process.env,
      dir: resolve(cwd, defaultClusterDir),
      nodeVersion: process.versions.node,
      availableMemoryBytes: process.availableMemory(),
    });
    stdout(
      options.json === true ? `${JSON.stringify({ schemaVersion: 1, findings }, null, 2)}\n` : renderFindings(findings),
    );
    return exitCodeOf(findings);
  },
};

export function renderFindings(findings: readonly Finding[]): string {
  const width = Math.max(...findings.map(({ name }) => name.length));
  return findings
    .map(({ name, state, found, remedy }) => {
      const indent = ' '.repeat(width + 8);
      const advice = remedy === null ? '' : `${indent}${remedy.replaceAll('\n', `\n${indent}`)}\n`;
      return `${state.padEnd(4)}  ${name.padEnd(width)}  ${found}\n${advice}`;
    })
    .join('');
}
