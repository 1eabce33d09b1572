import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { generatedDashboards } from '../../bin/generated-dashboards.ts';

it('dashboards/generated is what `npm run generate` writes', () => {
  for (const [path, content] of Object.entries(generatedDashboards())) {
    expect(readFileSync(join(packageRoot, path), 'utf8'), path).toBe(content);
  }
});
