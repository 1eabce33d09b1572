/** A calibration for the console: the same figures as in its file. */
import { formatCount, formatPercent, formatSignedPercent } from '../../units.ts';
import { renderTable } from '../table.ts';
import type { CpuCheck } from './cpu-checks.ts';
import { workName } from './fit.ts';
import type { CalibrationPlan } from './plan-calibration.ts';
import { type Calibration, type Cost, type CpuCosts, type PredictionError, workKinds } from './types.ts';

/** Ends in a line break. */
export function renderCalibration(calibration: Calibration): string {
  const { cpu, diskError, notes } = calibration;
  const lines = [
    `${machineText(calibration)}: ${calibration.brokers} brokers, Kafka ${calibration.kafkaVersion ?? 'of unknown version'}, ${calibration.observations.length} observations`,
    ...(cpu === null ? [`CPU not told: ${calibration.cpuMissing}`] : renderTable(costRows(cpu))),
    ...(cpu === null ? [] : [`predicted against measured, each left out in turn: ${errorText(cpu.error)}`]),
    diskError === null
      ? 'bytes on disk were not measured'
      : `bytes a record on disk against the formula: ${errorText(diskError)}`,
    ...notes.map((note) => `note: ${note}`),
  ];
  return `${lines.join('\n')}\n`;
}

export function machineText({ machine, measuredAt }: Pick<Calibration, 'machine' | 'measuredAt'>): string {
  const type = machine.instanceType === null ? '' : `${machine.instanceType}, `;
  return `${type}${machine.cpuModel}, ${machine.cores} cores, ${measuredAt.slice(0, 10)}`;
}

export function errorText({ median, worst }: PredictionError): string {
  return `median ${formatPercent(median)} off, worst ${formatPercent(worst)}`;
}

function costRows({ costs }: CpuCosts): string[][] {
  return [
    ['CPU of all brokers', 'cost', '95 % interval'],
    ...workKinds.map((kind) => [workName(kind), ...costText(costs[kind], kind)]),
  ];
}

function costText({ coreSeconds, low, high }: Cost, kind: (typeof workKinds)[number]): string[] {
  const [factor, unit, digits] =
    kind === 'broker' ? [1, 'cores', 3] : kind.endsWith('MB') ? [1_000, 'ms', 2] : ([1e6, 'us', 0] as const);
  const text = (value: number): string => (value * factor).toFixed(digits);
  return [`${text(coreSeconds)} ${unit}`, `${text(low)} to ${text(high)}`];
}

/** As rows under a heading, for a table; none without checks. */
export function checkRows(checks: readonly CpuCheck[]): string[][] {
  if (checks.length === 0) return [];
  const rows = checks.map(({ from, predictedCores, measuredCores, off }) => [
    from,
    predictedCores.toFixed(3),
    measuredCores.toFixed(3),
    formatSignedPercent(off),
  ]);
  return [['CPU of all brokers', 'predicted cores', 'measured', 'off'], ...rows];
}

/** Rows of a plan's table: label and words. */
export function calibrationRows(plan: CalibrationPlan): string[][] {
  return [['calibrated', calibrationText(plan)]];
}

/** `0.35 cores of all brokers at peak, 0.34 after the loss (median 8 % off, ...), by the rule of thumb 0.1 vCPU; ...` */
export function calibrationText(plan: CalibrationPlan): string {
  const { cores, error, heuristicVcpu, judges, reason } = plan;
  const measured =
    cores === null || error === null
      ? 'no CPU costs'
      : `${formatCount(cores.normal)} cores for all brokers at peak, ${formatCount(cores.degraded)} after the loss (${errorText(error)})`;
  const use = judges ? 'cpu is judged by it' : `cpu is not judged by it: ${reason}`;
  return `${measured}; by the rule of thumb ${formatCount(heuristicVcpu)} vCPU; ${use}; ${machineText(plan)}`;
}
