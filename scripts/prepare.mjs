/**
 * What a fresh clone needs before anything runs: the right Node, the packages of the lock file, a current build.
 * Plain JavaScript without packages, because none are there yet.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = dirname(dirname(fileURLToPath(import.meta.url)));

const exitBadInput = 64;
const exitUnavailable = 69;

/** Installs and builds only what is missing or out of date. Ends the process with 64 or 69 and the remedy on failure. */
export function prepare() {
  requireNode();
  installPackages();
  build();
}

function requireNode() {
  const wanted = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).engines.node.replace('>=', '');
  const [wantedMajor, wantedMinor] = wanted.split('.').map(Number);
  const [major, minor] = process.versions.node.split('.').map(Number);
  if (major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)) return;
  fail(
    `Node.js ${wanted} or newer is needed, this is ${process.versions.node}`,
    'install a current Node.js LTS from your package manager, nvm or fnm, then run the command again',
    exitBadInput,
  );
}

function installPackages() {
  const lock = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  const marker = join(root, 'node_modules', '.headroom-lock');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === lock) return;
  say('installing packages (npm ci)');
  // --ignore-scripts: no package may run code at install time; our own build follows.
  const npm = run('npm', ['ci', '--ignore-scripts', '--loglevel=error', '--no-fund', '--no-audit']);
  if (npm !== 0) {
    fail(
      'npm ci failed, see above',
      'check the network and the disk space, then run the command again',
      exitUnavailable,
    );
  }
  writeFileSync(marker, lock);
}

function build() {
  const stamp = join(root, 'dist', '.tsbuildinfo');
  const built = existsSync(stamp) && existsSync(join(root, 'dist', 'bin', 'headroom.js')) ? statSync(stamp).mtimeMs : 0;
  const newest = Math.max(
    ...['bin', 'lib', 'bench', 'dashboards', 'tsconfig.json', 'tsconfig.build.json', 'package-lock.json'].map((place) =>
      newestChange(join(root, place)),
    ),
  );
  if (built >= newest) return;
  say('building');
  if (run('npm', ['run', '--silent', 'build']) !== 0) {
    fail(
      'the build failed, see above',
      'a fresh clone builds: undo local changes, or mend what the compiler names',
      exitBadInput,
    );
  }
}

function newestChange(path) {
  if (!existsSync(path)) return 0;
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.mtimeMs;
  return Math.max(stats.mtimeMs, ...readdirSync(path).map((entry) => newestChange(join(path, entry))));
}

/** Runs a program in the repository's folder with our terminal; gives its exit code. */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error !== undefined) {
    fail(
      `${program} could not be started: ${result.error.message}`,
      `check that ${program} is installed and on PATH`,
      exitUnavailable,
    );
  }
  return result.status ?? 130;
}

export function say(text) {
  process.stderr.write(`headroom: ${text}\n`);
}

function fail(what, remedy, exitCode) {
  process.stderr.write(`headroom: ${what}\n  ${remedy}\n`);
  process.exit(exitCode);
}
