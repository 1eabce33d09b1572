import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';

/** The built program in a shell, as users run it. */
function shell(line: string) {
  const headroom = `"${process.execPath}" dist/bin/headroom.js`;
  return spawnSync('sh', ['-c', line.replaceAll('headroom', headroom)], { cwd: packageRoot, encoding: 'utf8' });
}

describe('exit codes of the built program', () => {
  it.each([
    ['headroom --help', 0],
    ['headroom -v', 0],
    ['headroom plan examples/course-events.yaml --json', 0],
    ['headroom lint examples/purchase-history.yaml', 1],
    ['headroom plan no-such-file.yaml', 64],
    ['headroom pln', 64],
    ['headroom --verison', 64],
    ['headroom plan', 64],
    ['headroom prove examples/course-events.yaml --bootstrap 127.0.0.1:1 --cluster-id x --out /dev/null/x', 69],
    ['headroom report no-such-folder', 64],
  ])('%s ends with %i', (line, code) => {
    const { status, stderr } = shell(line);
    expect(status, stderr).toBe(code);
    expect(stderr).not.toContain('    at ');
  });

  it('a defect before any command runs ends with 70 and our words', () => {
    // Throws outside of any promise, as soon as the program listens for such defects.
    const plant = `const on = process.on; process.on = function (name, heard) {
      if (name === 'uncaughtException') setImmediate(() => { throw new Error('planted'); });
      return on.call(this, name, heard);
    };`;
    const { status, stderr } = spawnSync(
      process.execPath,
      ['--import', `data:text/javascript,${encodeURIComponent(plant)}`, 'dist/bin/headroom.js', 'plan', 'no-such-file'],
      { cwd: packageRoot, encoding: 'utf8' },
    );
    expect(stderr).toContain('headroom: internal error, please report it\nError: planted');
    expect(status).toBe(70);
  });

  it('a reader that goes away changes no outcome', () => {
    expect(shell('(headroom lint examples/purchase-history.yaml; echo $? >&2) | true').stderr).toBe('1\n');
  });

  it.runIf(existsSync('/dev/full'))('output that cannot be written is told', () => {
    const { status, stderr } = shell('headroom plan examples/course-events.yaml --json > /dev/full');
    expect(stderr).toContain('standard output cannot be written');
    expect(status).toBe(69);
  });
});
