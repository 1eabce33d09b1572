/** Who was the limit? The generator's own health, so that its faults are not taken for the cluster's. */
import type { PhaseMeasurement } from '../../measurement/types.ts';
import { formatCount, formatDurationMs } from '../../units.ts';
import { slipChart } from '../charts/slip.ts';
import { type Markup, markup } from '../markup.ts';
import type { Run } from '../types.ts';
import { pair } from './pair.ts';
import { table } from './table.ts';

export function generatorSection({ measurement, environment }: Run): Markup {
  const { phases } = measurement;
  if (phases.length === 0) return markup``;
  const limited = phases.filter(({ generator }) => generator.wasTheLimit);
  return markup`<section>
<h2>Was the generator the limit?</h2>
<p>${
    limited.length === 0
      ? 'No. The load generator kept up in every phase.'
      : `Yes: ${limited.map(({ phase, generator }) => `at the ${phase} rate, ${generator.reason ?? 'no reason recorded'}`).join('; ')}.`
  } The host's own noise before the load was ${formatDurationMs(environment.hostNoiseP99Ms)} (p99 lateness of an idle 1 ms timer).</p>
${pair(phases.map(slipChart))}
${table<PhaseMeasurement>(
  'Generator and brokers',
  [
    { name: 'rate', cell: ({ phase }) => phase },
    { name: 'driver', cell: ({ generator }) => `${generator.driver} ${generator.driverVersion}` },
    { name: 'generator CPU', kind: 'number', cell: ({ generator }) => cores(generator.cpuCores) },
    { name: 'CPU per record', kind: 'number', cell: ({ generator }) => micros(generator.cpuMicrosPerRecord) },
    {
      name: 'event loop delay p99',
      kind: 'number',
      cell: ({ generator }) => formatDurationMs(generator.eventLoopDelayP99Ms),
    },
    {
      name: 'slip p99',
      kind: 'number',
      cell: ({ generator }) => (generator.slipP99Ms === null ? '-' : formatDurationMs(generator.slipP99Ms)),
    },
    { name: 'not sent', kind: 'number', cell: ({ generator }) => formatCount(generator.unsent) },
    { name: 'warm-up', kind: 'number', cell: ({ warmUpMs }) => formatDurationMs(warmUpMs) },
    { name: 'steady', cell: ({ steady }) => (steady ? 'yes' : 'no') },
    { name: 'CPU by broker', kind: 'wrap', cell: brokerCpu },
  ],
  phases,
)}
</section>
`;
}

function cores(value: number): string {
  return `${formatCount(value)} cores`;
}

function micros(value: number | null): string {
  return value === null ? '-' : `${formatCount(value)} µs`;
}

function brokerCpu({ brokerCpu: brokers }: PhaseMeasurement): string {
  if (brokers === null) return 'not visible';
  return brokers.map(({ broker, cores: used }) => `${broker}: ${formatCount(used)}`).join(', ');
}
