import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { referenceFiles } from '../../bin/reference.ts';
import { withPicture } from '../../bin/stacks-reference.ts';

it('docs/reference is what `npm run generate` writes', async () => {
  for (const [name, content] of Object.entries(await referenceFiles())) {
    expect(readFileSync(join(packageRoot, 'docs', 'reference', name), 'utf8'), name).toBe(content);
  }
});

it('the picture of the stacks in the README is that of today', () => {
  const readme = readFileSync(join(packageRoot, 'README.md'), 'utf8');
  expect(withPicture(readme)).toBe(readme);
  expect(() => withPicture('no marks')).toThrow('has no "<!-- picture');
});
