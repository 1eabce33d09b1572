/** A calibration for the console: the same figures as in its file. */
import { formatPercent, formatSignedPercent } from '../../units.ts';
import { renderTable } from '../table.ts';
import { workName } from './fit.ts';
import { coresFor } from './predict.ts';
import {
  type Calibration,
  type Cost,
  type CpuCosts,
  type Observation,
  type PredictionError,
  workKinds,
} from './types.ts';

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

export function machineText({ machine, measuredAt }: Calibration): string {
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

/** Predicted by the costs against measured, for loads that they were not fitted to; empty where neither can be. */
export function comparisonRows({ costs }: CpuCosts, observations: readonly Observation[]): string[][] {
  return observations.flatMap(({ from, work, cores }) => {
    if (cores === null || cores <= 0) return [];
    const predicted = coresFor(costs, work);
    return [[from, predicted.toFixed(3), cores.toFixed(3), formatSignedPercent(predicted / cores - 1)]];
  });
}
