/**
 * Makes `npx headroom` run this checkout: npm links the programs of dependencies, never the project's own,
 * and npx would otherwise go looking for a package of that name.
 */
import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './prepare.mjs';

const folder = join(root, 'node_modules', '.bin');
mkdirSync(folder, { recursive: true });
rmSync(join(folder, 'headroom'), { force: true });
symlinkSync(join('..', '..', 'dist', 'bin', 'headroom.js'), join(folder, 'headroom'));
chmodSync(join(root, 'dist', 'bin', 'headroom.js'), 0o755);
