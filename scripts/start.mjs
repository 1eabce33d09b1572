/** `npm start`: from a fresh clone to the report of the example. Further arguments replace the example: `npm start -- FILE`. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { prepare, root } from './prepare.mjs';

prepare();
const given = process.argv.slice(2);
const args = ['prove', ...(given.length > 0 ? given : ['examples/course-events.yaml'])];
const child = spawn(process.execPath, [join(root, 'dist', 'bin', 'headroom.js'), ...args], {
  cwd: root,
  stdio: 'inherit',
});
// The terminal sends Ctrl-C to both processes: this one waits for the other's clean-up. A termination signal comes to us alone.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
// Ended by a signal: 130 when somebody asked for it, 70 when the system did (out of memory, a crash).
child.on('exit', (code, signal) => {
  process.exitCode = code ?? (signal === 'SIGINT' || signal === 'SIGTERM' ? 130 : 70);
});
