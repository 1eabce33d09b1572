/** CPU as it was measured: what the calibration says of the plan, and how well it predicts the run. */
import type { CpuCheck } from '../../plan/calibration/cpu-checks.ts';
import { calibrationText, checkRows } from '../../plan/calibration/text.ts';
import { formatSignedPercent } from '../../units.ts';
import { inert, table as markdownTable } from '../markdown-parts.ts';
import { type Markup, markup } from '../markup.ts';
import { table } from '../sections/table.ts';
import type { CapacityReport } from './types.ts';

const heading = 'What the CPU costs, as measured';

export function calibrationSection({ plan, cpuChecks = [] }: CapacityReport): Markup | null {
  if (plan.calibration === undefined) return null;
  return markup`<section>
<h2>${heading}</h2>
<p>${calibrationText(plan.calibration)}.</p>
${cpuChecks.length === 0 ? null : checkTable(cpuChecks)}
</section>
`;
}

function checkTable(checks: readonly CpuCheck[]): Markup {
  return table<CpuCheck>(
    heading,
    [
      { name: 'load of the run', cell: ({ from }) => from },
      { name: 'predicted cores', kind: 'number', cell: ({ predictedCores }) => predictedCores.toFixed(3) },
      { name: 'measured', kind: 'number', cell: ({ measuredCores }) => measuredCores.toFixed(3) },
      { name: 'off', kind: 'number', cell: ({ off }) => formatSignedPercent(off) },
    ],
    checks,
  );
}

export function calibrationMarkdown({ plan, cpuChecks = [] }: CapacityReport): string[] {
  if (plan.calibration === undefined) return [];
  const [head = [], ...rows] = checkRows(cpuChecks);
  return [
    `## ${heading}`,
    '',
    `${inert(calibrationText(plan.calibration))}.`,
    ...(rows.length === 0 ? [] : ['', ...markdownTable(head, rows)]),
  ];
}
