/** Every shell block of every page: read by bash and shellcheck, and each command known to its tool. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { names } from '../../lib/runbooks/placeholders.ts';
import { hasProgram } from '../monitoring/programs.ts';
import { blocks } from './all-pages.ts';
import { faultsIn, readToolOptions } from './block-faults.ts';
import { commandsIn } from './shell-commands.ts';

const options = readToolOptions();

/** Faults by the place of the block, as the shell and shellcheck see them. */
function shellFaults(all: readonly { readonly place: string; readonly text: string }[]): readonly string[] {
  const dir = mkdtempSync(join(tmpdir(), 'headroom-blocks-'));
  try {
    const files = all.map(({ text }, index) => {
      writeFileSync(join(dir, `${index}.sh`), `${text}\n`);
      return `${index}.sh`;
    });
    const syntax = files.flatMap((file, index) => {
      const { status, stderr } = spawnSync('bash', ['-n', file], { cwd: dir, encoding: 'utf8' });
      return status === 0 ? [] : [`${all[index]?.place}: ${stderr.trim()}`];
    });
    if (!hasProgram('shellcheck')) return syntax;
    const { stdout } = spawnSync('shellcheck', ['--format=json', '--shell=bash', ...files], {
      cwd: dir,
      encoding: 'utf8',
      maxBuffer: 1e8,
    });
    const notes = JSON.parse(stdout) as { file: string; line: number; message: string }[];
    return [...syntax, ...notes.map(({ file, message }) => `${all[Number.parseInt(file, 10)]?.place}: ${message}`)];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

describe('the shell blocks of the pages', () => {
  it('are clean shell', () => {
    expect(blocks.length).toBeGreaterThan(10);
    expect(shellFaults(blocks)).toEqual([]);
  });

  it('use commands and options that their tools have', async () => {
    const faults = await Promise.all(
      blocks.map(async ({ place, text }) => (await faultsIn(text, options)).map((fault) => `${place}: ${fault}`)),
    );
    expect(faults.flat()).toEqual([]);
  });

  it('leave open only what the table of placeholders knows', () => {
    const known = new Set<string>(names());
    const unknown = blocks.flatMap(({ place, text }) => {
      const assigned = new Set(
        [...text.matchAll(/\b([A-Z][A-Z_]+)=|\bread .* ([A-Z]+)$/gm)].map(([, ...one]) => one.join('')),
      );
      return [...text.replaceAll(/'[^']*'/g, '').matchAll(/\$\{?([A-Z][A-Z_]+)/g)]
        .map(([, name]) => name ?? '')
        .filter((name) => !known.has(name) && !assigned.has(name))
        .map((name) => `${place}: $${name}`);
    });
    expect(unknown).toEqual([]);
  });
});

describe('planted faults', () => {
  it('of the shell are found', () => {
    const planted = [
      { place: 'a.md:1', text: 'if true; then echo x' },
      { place: 'b.md:1', text: 'ls $(pwd)' },
    ];
    const faults = shellFaults(planted).join('\n');
    expect(faults).toContain('a.md:1: ');
    if (hasProgram('shellcheck')) expect(faults).toContain('b.md:1: Quote this');
  });

  it.each([
    ['"$KAFKA_BIN"/kafka-topics.sh --describe --under-replicated', 'kafka-topics.sh has no --under-replicated'],
    ['x=$("$KAFKA_BIN"/kafka-metadata-quorum.sh describe --state)', 'kafka-metadata-quorum.sh describe has no --state'],
    ['"$KAFKA_BIN"/kafka-metadata-quorum.sh --bootstrap-server "$BOOTSTRAP"', 'kafka-metadata-quorum.sh needs one of'],
    ['"$KAFKA_BIN"/kafka-zookeeper.sh --list', 'kafka-zookeeper.sh is not among'],
    ['headroom status --verbose', 'headroom status has no --verbose'],
    ['headroom runbooks', 'headroom has no runbooks'],
    [`promtool query instant "$PROMETHEUS" 'kafka_server_no_such > 0'`, 'kafka_server_no_such is no metric'],
    ['aws cloudwatch get-metric-statistics --metric-name CpuIdel', 'AWS/Kafka has no metric CpuIdel'],
    ['ls | reboot --now', 'reboot is not a program'],
  ])('%s', async (text, fault) => {
    expect((await faultsIn(text, options)).join('\n')).toContain(fault);
  });
});

describe('commands in shell', () => {
  it('are found in pipes, substitutions and loops, with what is quoted as one word', () => {
    const text = `A=1 sudo x --y "b c$(d "e f" | g)" \\\n  'h;i' # j\nuntil [ -z "$(k)" ]; do sleep 5; done`;
    expect(commandsIn(text)).toEqual([['d', 'e f'], ['g'], ['x', '--y', 'b c$()', 'h;i'], ['k'], ['sleep', '5']]);
  });
});
