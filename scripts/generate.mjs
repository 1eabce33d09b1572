/**
 * `npm run generate`: writes docs/reference and dashboards/generated from the code. Run it in the commit that changes a
 * command, an error, the schema or the signal table.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const { referenceFiles } = await import('../dist/bin/reference.js');
const folder = join(root, 'docs', 'reference');
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(await referenceFiles())) {
  writeFileSync(join(folder, name), content);
  process.stdout.write(`docs/reference/${name}\n`);
}

const { generatedDashboards } = await import('../dist/bin/generated-dashboards.js');
for (const [path, content] of Object.entries(generatedDashboards())) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), content);
  process.stdout.write(`${path}\n`);
}
