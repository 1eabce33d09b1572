/** The search for the highest sustained rate: the answer, what kept the cluster from more, and every probe. */
import type { LimitMeasurement, LimitProbe } from '../../measurement/limit/types.ts';
import { formatCount, formatDurationMs, formatPercent, formatRate } from '../../units.ts';
import { limitChart } from '../charts/limit.ts';
import { typographic } from '../figures.ts';
import {
  achievedPerSec,
  answerText,
  causeText,
  conditionsText,
  endToEndOf,
  probeOutcome,
  publishOf,
} from '../limit.ts';
import { type Markup, markup } from '../markup.ts';
import { p99Text } from '../summary.ts';
import { beside } from './pair.ts';
import { type Column, table } from './table.ts';

export function limitSection(limit: LimitMeasurement): Markup {
  const words = markup`<p>${answerText(limit)}. The use case asks for ${formatRate(limit.peakPerSec)}.</p>
<p>${capitalised(causeText(limit))}.</p>
<p class="lead">${typographic(conditionsText(limit))}. A geometric ramp to the first rate that fails, bisection to ${formatPercent(limit.range.resolution)}, and a confirmation; a rate fails when it failed in two of at most three probes. Searched from ${formatRate(limit.range.fromPerSec)} to ${formatRate(limit.range.toPerSec)}.</p>`;
  return markup`<section>
<h2>Highest sustained rate</h2>
${beside(limitChart(limit), words)}
${probesTable(limit.probes)}
</section>
`;
}

function probesTable(probes: readonly LimitProbe[]): Markup {
  return table<LimitProbe>(
    'Probes',
    [
      { name: 'offered', kind: 'number', cell: ({ ratePerSec }) => formatRate(ratePerSec) },
      { name: 'purpose', cell: ({ purpose }) => purpose },
      { name: 'achieved', kind: 'number', cell: (probe) => formatRate(achievedPerSec(probe)) },
      { name: 'publish p99', kind: 'number', cell: (probe) => p99Text(publishOf(probe)) },
      { name: 'end to end p99', kind: 'number', cell: (probe) => p99Text(endToEndOf(probe)) },
      { name: 'outcome', kind: 'wrap', cell: probeOutcome },
      { name: 'generator', kind: 'number', cell: ({ generator }) => `${formatCount(generator.cpuCores)} cores` },
      { name: 'brokers', kind: 'number', cell: brokers },
      {
        name: 'host busy',
        kind: 'number',
        cell: ({ resources: { host } }) => share(host === null ? null : host.busyCores / host.ofCores),
      },
      { name: 'disk busy', kind: 'number', cell: ({ resources }) => share(resources.diskBusy) },
      // Of no use in the width of a page where no bandwidth is stated.
      ...(probes.some(({ resources }) => resources.networkUsed !== null) ? [network] : []),
      { name: 'unreplicated', kind: 'number', cell: ({ resources }) => count(resources.unreplicatedRecords) },
      { name: 'measured', kind: 'number', cell: ({ measuredMs }) => formatDurationMs(measuredMs) },
    ],
    probes,
  );
}

const network: Column<LimitProbe> = {
  name: 'network',
  kind: 'number',
  cell: ({ resources }) => share(resources.networkUsed),
};

function brokers({ resources: { brokerCpu } }: LimitProbe): string {
  if (brokerCpu === null) return 'not visible';
  return `${formatCount(brokerCpu.reduce((sum, { cores }) => sum + cores, 0))} cores`;
}

function share(value: number | null): string {
  return value === null ? 'not visible' : formatPercent(value);
}

function count(value: number | null): string {
  return value === null ? 'not visible' : formatCount(value);
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
