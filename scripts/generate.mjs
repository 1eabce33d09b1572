/** `npm run generate`: writes docs/reference from the code. Run it in the commit that changes a command, an error or the schema. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const { referenceFiles } = await import('../dist/bin/reference.js');
const folder = join(root, 'docs', 'reference');
mkdirSync(folder, { recursive: true });
for (const [name, content] of Object.entries(await referenceFiles())) {
  writeFileSync(join(folder, name), content);
  process.stdout.write(`docs/reference/${name}\n`);
}
