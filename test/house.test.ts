import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../bench/package-root.ts';

/**
 * Lints planted files in a copy of the house's configuration and gives what was found, by path.
 * A rule that cannot bite is a defect, so each is shown to.
 */
function lint(planted: readonly (readonly [path: string, imported: string])[]): Map<string, string> {
  const house = mkdtempSync(join(tmpdir(), 'headroom-house-'));
  try {
    cpSync(join(packageRoot, 'biome.json'), join(house, 'biome.json'));
    for (const [path, imported] of planted) {
      mkdirSync(dirname(join(house, path)), { recursive: true });
      writeFileSync(join(house, path), `import { x } from '${imported}';\n\nexport const y = x;\n`);
    }
    const biome = join(packageRoot, 'node_modules', '.bin', 'biome');
    const options = ['lint', '--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', '.'];
    const report = JSON.parse(spawnSync(biome, options, { cwd: house, encoding: 'utf8' }).stdout) as {
      diagnostics: { category: string; location: { path: string } }[];
    };
    return new Map(
      planted.map(([path]) => [
        path,
        report.diagnostics
          .filter((found) => found.location.path === path)
          .map((found) => found.category)
          .join(' '),
      ]),
    );
  } finally {
    rmSync(house, { recursive: true, force: true });
  }
}

describe('import rules', () => {
  const forbidden = [
    ['lib/requirements/a.ts', '../plan/plan.ts', 'noRestrictedImports'],
    ['lib/plan/a.ts', '../verdict/judge.ts', 'noRestrictedImports'],
    ['lib/plan/b.ts', '../../bench/prove.ts', 'noRestrictedImports'],
    ['lib/plan/c.ts', 'node:fs', 'noNodejsModules'],
    ['lib/measurement/a.ts', '../plan/types.ts', 'noRestrictedImports'],
    ['lib/experiment/a.ts', '../../bench/prove.ts', 'noRestrictedImports'],
    ['lib/experiment/b.ts', 'node:fs', 'noNodejsModules'],
    ['lib/verdict/a.ts', '../report/html.ts', 'noRestrictedImports'],
    ['lib/verdict/b.ts', 'kafkajs', 'noRestrictedImports'],
    ['lib/report/a.ts', 'aws-cdk-lib', 'noRestrictedImports'],
    ['lib/constructs/a.ts', '../stacks/kafka-stack.ts', 'noRestrictedImports'],
    ['lib/stacks/a.ts', '../../bench/prove.ts', 'noRestrictedImports'],
    ['bench/local/a.ts', '../../lib/verdict/judge.ts', 'noRestrictedImports'],
    ['bench/local/b.ts', '../../lib/stacks/kafka-stack.ts', 'noRestrictedImports'],
    ['lib/metrics/a.ts', '../verdict/judge.ts', 'noRestrictedImports'],
    ['lib/metrics/b.ts', 'node:fs', 'noNodejsModules'],
    ['dashboards/a.ts', '../bench/prove.ts', 'noRestrictedImports'],
    ['dashboards/b.ts', '../lib/constructs/alarms.ts', 'noRestrictedImports'],
    ['bench/metrics/a.ts', '../../dashboards/overview.ts', 'noRestrictedImports'],
    ['lib/constructs/b.ts', '../../dashboards/overview.ts', 'noRestrictedImports'],
    ['bench/local/c.ts', '../../bin/command.ts', 'noRestrictedImports'],
  ] as const;
  const allowed = [
    ['lib/plan/z.ts', '../requirements/types.ts'],
    ['lib/verdict/z.ts', '../plan/types.ts'],
    ['lib/report/z.ts', '../verdict/types.ts'],
    ['bench/scenarios/z.ts', '../../lib/measurement/types.ts'],
    ['lib/metrics/z.ts', '../plan/types.ts'],
    ['dashboards/z.ts', '../lib/metrics.ts'],
    ['lib/constructs/z.ts', '../metrics.ts'],
    ['bench/metrics/z.ts', '../../lib/metrics.ts'],
    ['bin/commands/z.ts', '../../lib/verdict/judge.ts'],
  ] as const;
  const found = lint([...forbidden.map(([path, imported]) => [path, imported] as const), ...allowed]);

  it.each(forbidden)('%s may not import %s', (path, _imported, rule) => {
    expect(found.get(path)).toContain(rule);
  });

  it.each(allowed)('%s may import %s', (path) => {
    expect(found.get(path)).not.toMatch(/noRestrictedImports|noNodejsModules/);
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
