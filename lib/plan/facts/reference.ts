/** Every figure that plans rest on, as the page docs/reference/facts.md. */
import { type Ceiling, choiceRule, defaultPolicy } from '../capacity/policy.ts';
import { gp2, gp3, otherVolumes } from './ebs-volumes.ts';
import { ec2Instances } from './ec2-instances.ts';
import type { Fact, FactTable } from './fact.ts';
import { kafkaFacts, selfManagedFacts } from './kafka.ts';
import { mskExpressBrokers } from './msk-express.ts';
import {
  mskConnectLimits,
  mskDefaultSettings,
  mskExpressLimits,
  mskReplicatorLimits,
  mskServerlessLimits,
  mskStandardLimits,
  mskTieredLimits,
} from './msk-limits.ts';
import { mskStandardBrokers } from './msk-standard.ts';
import { priceTables } from './prices/index.ts';
import { hourlyPrices, scalarPrices } from './prices/price-table.ts';
import { awsExpressModel, awsStandardModel, rules } from './sizing-rules.ts';
import { sources } from './sources.ts';

export function factsReference(): string {
  return [
    '# Facts',
    '',
    'Figures as they were published, in the unit they were published in. An empty cell or "not found" means that nobody',
    'published it where we looked; what needs such a figure says so in the plan. MB is 10^6 bytes, MiB is 2^20.',
    '',
    ...sourceSection(),
    ...tableSection(mskStandardBrokers),
    ...factSection('MSK Standard, whatever the broker', mskStandardLimits),
    ...tableSection(mskExpressBrokers),
    ...factSection('MSK Express, whatever the broker', mskExpressLimits),
    ...factSection('MSK Serverless', mskServerlessLimits),
    ...factSection('Tiered storage', mskTieredLimits),
    ...factSection('MSK Replicator', mskReplicatorLimits),
    ...factSection('MSK Connect', mskConnectLimits),
    ...factSection('Settings that MSK gives brokers', mskDefaultSettings),
    ...policySection(),
    ...factSection('Sizing rules: MSK Standard', awsStandardModel),
    ...factSection('Sizing rules: MSK Express', awsExpressModel),
    ...factSection('Sizing rules: all targets', rules),
    ...factSection('Apache Kafka', kafkaFacts),
    ...factSection('Self-managed clusters', selfManagedFacts),
    ...factSection('EBS gp3', gp3),
    ...factSection('EBS gp2', gp2),
    ...Object.entries(otherVolumes).flatMap(([type, facts]) => factSection(`EBS ${type}`, facts)),
    ...priceSection(),
    ...tableSection(ec2Instances),
  ].join('\n');
}

function sourceSection(): string[] {
  return section('Sources', [
    row(['key', 'what', 'as of', 'trust']),
    row(['---', '---', '---', '---']),
    ...Object.entries(sources).map(([key, { title, asOf, trust }]) => row([key, title, asOf, trust])),
  ]);
}

function tableSection<Row extends object>(table: FactTable<Row>): string[] {
  const columns = Object.entries(table.columns) as [keyof Row & string, { unit: string; source: string }][];
  return section(table.title, [
    row(columns.map(([name, { unit }]) => (unit === '' ? name : `${name} (${unit})`))),
    row(columns.map(() => '---')),
    ...table.rows.map((each) => row(columns.map(([name]) => shown(each[name])))),
    '',
    ...columns.map(([name, { source }]) => `- ${name}: ${source}`),
    ...table.notes.map((note) => `- ${note}`),
  ]);
}

function factSection(title: string, facts: Readonly<Record<string, Fact<unknown>>>): string[] {
  return section(title, [
    row(['figure', 'value', 'unit', 'source', 'note']),
    row(['---', '---', '---', '---', '---']),
    ...Object.entries(facts).map(([name, { value, unit, source, note }]) =>
      row([name, value === null ? 'not found' : shown(value), unit, source, note ?? '']),
    ),
  ]);
}

/** What Headroom chose where sources leave room. */
function policySection(): string[] {
  const percent = (share: number): string => `${Math.round(share * 100)} %`;
  const ceilings = Object.entries(defaultPolicy).flatMap(([name, value]: [string, number | Ceiling]) =>
    typeof value === 'number' ? [] : [row([name, percent(value.normal), percent(value.degraded), value.reason])],
  );
  const { volumeFill, throughputFill, rebuildWithinHours, reconnectWithinSeconds, largestVolumeGiB } = defaultPolicy;
  return section('Limits that plans keep to', [
    row(['resource', 'with every broker', 'after the loss', 'because']),
    row(['---', '---', '---', '---']),
    ...ceilings,
    '',
    `- Disks are sized to be filled to ${percent(volumeFill)}: AWS alerts at 60 % and recommends 50 to 60 % for autoscaling.`,
    `- An EC2 broker gets at most ${largestVolumeGiB} GiB, as the largest of MSK: rebuilding takes as long as the disk is large.`,
    `- Provisioned throughput is bought so that ${percent(throughputFill)} of its limit are used.`,
    `- Brokers with local disks are rebuilt within ${rebuildWithinHours} hours.`,
    `- Clients connect anew within ${reconnectWithinSeconds} s, before sessions of 45 s end, of which 9 s go by until a broker is given up.`,
    `- The choice: ${choiceRule(defaultPolicy, true)}.`,
  ]);
}

/** The tables that are carried; a file given with `--prices` has the same names. */
function priceSection(): string[] {
  const price = (value: number | null): string => (value === null ? 'not found' : String(value));
  return section('Prices (USD)', [
    'A file given with `headroom plan FILE --prices PRICES` has these names, as JSON or YAML, with `region`, `asOf` and, if',
    'wanted, `source` and `hoursPerMonth`. A price left out or null is unknown. A region without a table has no cost.',
    '',
    row(['price', ...priceTables.map(({ region, asOf }) => `${region}, ${asOf}`)]),
    row(['---', ...priceTables.map(() => '---')]),
    ...scalarPrices.map((name) => row([name, ...priceTables.map((table) => price(table[name]))])),
    ...hourlyPrices.flatMap((name) => {
      const types = [...new Set(priceTables.flatMap((table) => Object.keys(table[name])))];
      return types.map((type) =>
        row([`${name}.${type}`, ...priceTables.map((table) => price(table[name][type] ?? null))]),
      );
    }),
    '',
    ...priceTables.map(({ region, source }) => `- ${region}: ${source}`),
  ]);
}

function section(title: string, lines: readonly string[]): string[] {
  return [`## ${title}`, '', ...lines, ''];
}

function row(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function shown(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}
