/** The plan as text for the console: the same value that `--json` prints. */
import type { Warning } from '../requirements/types.ts';
import { formatBytes, formatCount, formatPercent, formatRate } from '../units.ts';
import { calibrationRows } from './calibration/text.ts';
import { describeUse } from './capacity/candidate.ts';
import { recoveryText } from './capacity/recovery-text.ts';
import { diskLines, inBoth } from './disk/disk-text.ts';
import { renderStated } from './stated-text.ts';
import { renderTable } from './table.ts';
import type { ClusterCapacity, Plan, StoragePlan, TopicPlan, Why } from './types.ts';

export interface RenderPlanOptions {
  /** Adds every figure and default with its formula, inputs and source, and why figures are missing. */
  readonly explain: boolean;
}

/** Ends in a line break; columns are aligned by spaces, no colour. */
export function renderPlan(plan: Plan, { explain }: RenderPlanOptions): string {
  const { cluster } = plan;
  const region = plan.cost.region === null ? '' : `, ${plan.cost.region}`;
  const sections = [
    [
      `${plan.useCase} on ${cluster.target}: ${cluster.brokers} ${cluster.instanceType === null ? 'brokers' : `brokers ${cluster.instanceType}`} in ${zones(cluster.zones)}${region}`,
    ],
    topicLines(plan.topics),
    groupLines(plan.topics),
    diskLines(plan.storage, plan.topics),
    renderTable([
      ...storageRows(plan.storage),
      ...clusterRows(plan),
      ...(plan.calibration === undefined ? [] : calibrationRows(plan.calibration)),
      ...costRows(plan),
      ...growthRows(plan),
      ...missingRows(plan, explain),
    ]),
    ...(explain ? [...renderStated(plan), ...explanations(plan)] : []),
    warningLines(plan.warnings),
    ...(explain ? [] : [['formulas, inputs and sources: --explain']]),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join('\n'))
    .join('\n\n')}\n`;
}

function topicLines(topics: readonly TopicPlan[]): string[] {
  return renderTable([
    ['topic', 'partitions x replicas', 'min.insync', 'producer', 'average', 'peak'],
    ...topics.map((topic) => [
      topic.name,
      `${topic.partitions} x ${topic.replicationFactor}`,
      String(topic.minInsyncReplicas),
      `acks=${topic.producer.acks}${topic.producer['enable.idempotence'] ? ' idempotent' : ''}`,
      formatRate(topic.load.averagePerSec),
      formatRate(topic.load.peakPerSec),
    ]),
  ]);
}

function groupLines(topics: readonly TopicPlan[]): string[] {
  const groups = topics.flatMap((topic) =>
    topic.groups.map((group) => [
      group.name,
      group.evenThreads === group.threads
        ? String(group.threads)
        : `${group.threads}, dealt out evenly ${group.evenThreads}`,
      formatRate(group.ratePerThread),
      topic.channels.in.join(', '),
    ]),
  );
  return groups.length === 0 ? [] : renderTable([['consumer group', 'threads', 'a thread', 'channel'], ...groups]);
}

function storageRows(storage: StoragePlan): string[][] {
  const own = storage.internalBytes === 0 ? '' : ` and ${formatBytes(storage.internalBytes)} of Kafka's own topics`;
  return [
    [
      'storage',
      `${formatBytes(storage.requiredBytes)} required = ${formatBytes(storage.retainedBytes)} retained + ${formatBytes(storage.bufferBytes)} buffer; up to ${formatBytes(storage.onDiskBytes)} on disk${own}`,
    ],
    ...(storage.provisionedBytesPerBroker === null
      ? []
      : [
          [
            'volume',
            `${inBoth(storage.provisionedBytesPerBroker)} for each broker${storage.provisionedThroughputMiBps === 0 ? '' : `, ${storage.provisionedThroughputMiBps} MiB/s provisioned`}`,
          ],
        ]),
  ];
}

function clusterRows({ cluster }: Plan): string[][] {
  const recovery = recoveryText(cluster.recovery);
  return [
    ['at peak', traffic(cluster)],
    ...limitRows('limit', cluster),
    ...(cluster.survive === 'none'
      ? []
      : [
          [
            `${cluster.survive} lost`,
            `${cluster.degraded.brokers} brokers in ${zones(cluster.degraded.zones)} carry ${traffic(cluster.degraded)}`,
          ],
          ...limitRows('limit then', cluster.degraded),
        ]),
    ...(recovery === null ? [] : [['recovery', recovery]]),
  ];
}

function limitRows(label: string, { bindingConstraint, headroom, resources }: ClusterCapacity): string[][] {
  if (bindingConstraint === null || headroom === null) return [];
  const binds = resources.find(({ resource }) => resource === bindingConstraint);
  const weak = binds?.evidence === 'heuristic' ? ' (a heuristic: weak evidence until calibrated)' : '';
  return [[label, `${bindingConstraint}, headroom ${formatPercent(headroom)}${weak}`]];
}

function costRows({ cost }: Plan): string[][] {
  if (cost.monthlyUsd === null) return [];
  return [['cost', `${formatCount(cost.monthlyUsd)} USD a month, prices of ${cost.pricesAsOf ?? 'an unknown date'}`]];
}

function traffic(capacity: ClusterCapacity): string {
  return [
    `${formatBytes(capacity.ingressBytesPerSec)}/s in`,
    `${formatBytes(capacity.egressBytesPerSec)}/s out`,
    `${formatBytes(capacity.replicationBytesPerSec)}/s replication`,
  ].join(', ');
}

function growthRows({ growth }: Plan): string[][] {
  const rows = growth.flatMap(({ month, limitsReached }) => limitsReached.map((limit) => [`month ${month}`, limit]));
  return rows.length > 0 ? rows : [['growth', `no limit reached within ${growth.at(-1)?.month ?? 0} months`]];
}

function missingRows({ missing, cluster }: Plan, explain: boolean): string[][] {
  const paths = Object.keys(missing).filter((path) => explain || !path.startsWith('cluster.degraded.'));
  if (explain)
    return [
      ...paths.map((path) => ['not known', `${path}: ${missing[path]}`]),
      ...cluster.gaps.map((gap) => ['not known', gap]),
    ];
  return paths.length === 0 ? [] : [['not known', paths.map((path) => path.split('.').at(-1)).join(', ')]];
}

function explanations(plan: Plan): string[][] {
  return [
    ...plan.topics.map((topic) => explained(`topic ${topic.name}, figures`, topic.why)),
    explained('storage, figures', plan.storage.why),
    explained('cluster, figures', plan.cluster.why),
    resourceLines('with every broker', plan.cluster),
    ...(plan.cluster.survive === 'none'
      ? []
      : [resourceLines(`after losing a ${plan.cluster.survive}`, plan.cluster.degraded)]),
    itemLines(plan),
    optionLines(plan),
  ];
}

function resourceLines(when: string, { resources }: ClusterCapacity): string[] {
  if (resources.length === 0) return [];
  return renderTable([
    [`resource ${when}`, 'used of the limit', 'evidence', 'formula'],
    ...resources.map((use) => [
      use.resource,
      describeUse(use).slice(use.resource.length + 1),
      use.evidence,
      use.formula,
    ]),
  ]);
}

function itemLines({ cost }: Plan): string[] {
  if (cost.items.length === 0) return [];
  return renderTable([
    ['cost', 'USD a month'],
    ...cost.items.map(({ item, monthlyUsd }) => [item, formatCount(monthlyUsd)]),
  ]);
}

function optionLines({ cluster }: Plan): string[] {
  if (cluster.rejected.length === 0) return [];
  return renderTable([
    ['option not taken', 'because'],
    ...cluster.rejected.map(({ option, reason }) => [option, reason]),
  ]);
}

function explained(title: string, why: readonly Why[]): string[] {
  return [
    title,
    ...why.flatMap(({ figure, value, unit, formula, inputs, source }) => [
      `  ${figure} = ${typeof value === 'number' ? formatCount(value) : value}${unit === '' ? '' : ` ${unit}`}`,
      `    formula  ${formula}`,
      ...(Object.keys(inputs).length === 0 ? [] : [`    inputs   ${inputText(inputs)}`]),
      `    source   ${source}`,
    ]),
  ];
}

function inputText(inputs: Why['inputs']): string {
  return Object.entries(inputs)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? formatCount(value) : value}`)
    .join(', ');
}

function warningLines(warnings: readonly Warning[]): string[] {
  if (warnings.length === 0) return [];
  return [`${warnings.length} ${warnings.length === 1 ? 'warning' : 'warnings'}`, renderWarnings(warnings)];
}

/** Each warning with its path and remedy, two spaces in; `placeOf` may put the place in the file before a path. */
export function renderWarnings(
  warnings: readonly Warning[],
  placeOf: (path: string) => string = (path) => path,
): string {
  return warnings
    .map(({ code, path, message, remedy }) => `  ${code}  ${placeOf(path)}\n    ${message}\n    remedy: ${remedy}`)
    .join('\n');
}

function zones(count: number): string {
  return `${count} ${count === 1 ? 'zone' : 'zones'}`;
}
