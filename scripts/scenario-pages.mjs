/**
 * `node scripts/scenario-pages.mjs [FOLDER]`: takes the newest scenario.json of each scenario below FOLDER into
 * docs/experiments; then, also without FOLDER, writes the pages from what is there. No figure on them is typed by hand.
 */
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const { scenarioPages } = await import('../dist/bin/scenario-pages.js');
const folder = join(root, 'docs', 'experiments');
mkdirSync(folder, { recursive: true });

const [from] = process.argv.slice(2);
const found =
  from === undefined ? [] : readdirSync(from, { recursive: true }).filter((path) => path.endsWith('scenario.json'));
for (const path of found.sort()) {
  const text = readFileSync(join(from, path), 'utf8');
  writeFileSync(join(folder, `${JSON.parse(text).scenario}.json`), text);
}

const results = readdirSync(folder)
  .filter((name) => name.endsWith('.json'))
  .map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')));
for (const [name, content] of Object.entries(scenarioPages(results))) {
  writeFileSync(join(folder, name), content);
  process.stdout.write(`docs/experiments/${name}\n`);
}
