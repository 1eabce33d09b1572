import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../bench/package-root.ts';

/** What Biome says of a file at that path: the import rules are in biome.json, and a rule that cannot bite is a defect. */
function lint(path: string, source: string): string {
  const biome = join(packageRoot, 'node_modules', '.bin', 'biome');
  const result = spawnSync(biome, ['lint', `--stdin-file-path=${path}`], {
    cwd: packageRoot,
    input: source,
    encoding: 'utf8',
  });
  return result.stdout + result.stderr;
}

describe('import rules', () => {
  it.each([
    ['lib/requirements/x.ts', '../plan/plan.ts', 'noRestrictedImports'],
    ['lib/plan/x.ts', '../verdict/judge.ts', 'noRestrictedImports'],
    ['lib/plan/x.ts', '../../bench/prove.ts', 'noRestrictedImports'],
    ['lib/plan/x.ts', 'node:fs', 'noNodejsModules'],
    ['lib/measurement/x.ts', '../plan/types.ts', 'noRestrictedImports'],
    ['lib/verdict/x.ts', '../report/html.ts', 'noRestrictedImports'],
    ['lib/verdict/x.ts', 'kafkajs', 'noRestrictedImports'],
    ['lib/report/x.ts', 'aws-cdk-lib', 'noRestrictedImports'],
    ['lib/constructs/x.ts', '../stacks/kafka-stack.ts', 'noRestrictedImports'],
    ['lib/stacks/x.ts', '../../bench/prove.ts', 'noRestrictedImports'],
    ['bench/local/x.ts', '../../lib/verdict/judge.ts', 'noRestrictedImports'],
    ['bench/local/x.ts', '../../lib/stacks/kafka-stack.ts', 'noRestrictedImports'],
    ['bench/local/x.ts', '../../bin/command.ts', 'noRestrictedImports'],
  ])('%s may not import %s', (path, imported, rule) => {
    expect(lint(path, `import { x } from '${imported}';\nexport const y = x;\n`)).toContain(rule);
  });

  it.each([
    ['lib/plan/x.ts', '../requirements/types.ts'],
    ['lib/verdict/x.ts', '../plan/types.ts'],
    ['lib/report/x.ts', '../verdict/types.ts'],
    ['bench/scenarios/x.ts', '../../lib/measurement/types.ts'],
    ['bin/commands/x.ts', '../../lib/verdict/judge.ts'],
  ])('%s may import %s', (path, imported) => {
    expect(lint(path, `import { x } from '${imported}';\nexport const y = x;\n`)).not.toMatch(
      /noRestrictedImports|noNodejsModules/,
    );
  });
});

describe('files', () => {
  const files = execFileSync('git', ['ls-files', '*.ts', '*.mjs'], { cwd: packageRoot, encoding: 'utf8' })
    .trim()
    .split('\n');
  const text = (file: string): string => readFileSync(join(packageRoot, file), 'utf8');

  it('keep to the size of the house', () => {
    const tooLong = files.filter((file) => text(file).split('\n').length > (file.startsWith('test/') ? 401 : 301));
    expect(tooLong).toEqual([]);
  });

  it('end the process in the CLI entries alone', () => {
    const ending = files.filter(
      (file) => !file.startsWith('scripts/') && !file.startsWith('test/') && /process\.exit\(/.test(text(file)),
    );
    expect(ending.filter((file) => file !== 'bin/headroom.ts')).toEqual([]);
  });
});
