/** The programs of monitoring, which we do not bring: found on PATH, or refused with the remedy before anything starts. */
import { HeadroomError } from '../../lib/errors.ts';
import { type Environment, findExecutable } from '../local/executable.ts';

/** Full path of `prometheus`. Throws RESOURCE_MISSING with the remedy. */
export function requirePrometheus(env: Environment = process.env): string {
  const path = findExecutable('prometheus', env);
  if (path !== null) return path;
  throw new HeadroomError('RESOURCE_MISSING', 'no prometheus on PATH; it keeps the metrics and evaluates the alerts', {
    hint: `install Prometheus 2.42 or newer, then run the command again:
Debian, Ubuntu  sudo apt-get install --no-install-recommends prometheus
macOS           brew install prometheus`,
  });
}

/** Full path of the node exporter, or null: without it the boards show no disk and no host. */
export function findNodeExporter(env: Environment = process.env): string | null {
  return findExecutable('prometheus-node-exporter', env) ?? findExecutable('node_exporter', env);
}
