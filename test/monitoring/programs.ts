/** Tests of monitoring need Prometheus: mandatory in CI, skipped loudly on a machine that has none. */
import { type Environment, findExecutable } from '../../bench/local/executable.ts';

/** Whether the program is there. Without it CI fails here, and elsewhere the reason is printed. */
export function hasProgram(name: string, env: Environment = process.env): boolean {
  if (findExecutable(name, env) !== null) return true;
  if (env.CI === 'true') throw new Error(`${name} is not on PATH; .ci/run installs it`);
  process.stderr.write(
    `\n  SKIPPED: ${name} is not on PATH, so nothing here was checked; .ci/run names its package\n\n`,
  );
  return false;
}
