/** Growth against limits: the use of each resource in the months to come, on the brokers and disks planned today. */
import type { GrowthMonth } from '../../plan/types.ts';
import { formatPercent } from '../../units.ts';
import { resourceName } from '../capacity/words.ts';
import type { Chart, LegendEntry } from './draw.ts';
import { axis, bounds, grid, line } from './parts.ts';

/** More lines than these cannot be told apart; the others have more room. */
const styles = [
  { color: 'publish', stroke: 'solid' },
  { color: 'endToEnd', stroke: 'dashed' },
  { color: 'neutral', stroke: 'dotted' },
] as const satisfies readonly Pick<LegendEntry, 'color' | 'stroke'>[];

/** Beyond twice its limit a resource has long run out, and its curve would press the others flat. */
const highestShown = 2;

/** Null when nothing grows or nothing was sized. */
export function runwayChart(growth: readonly GrowthMonth[]): Chart | null {
  const first = growth[0];
  const last = growth.at(-1);
  if (first === undefined || last === undefined) return null;
  const growing = Object.keys(last.utilisation)
    .filter((resource) => (last.utilisation[resource] ?? 0) > (first.utilisation[resource] ?? 0))
    .sort((a, b) => (last.utilisation[b] ?? 0) - (last.utilisation[a] ?? 0))
    .slice(0, styles.length);
  if (growing.length === 0) return null;
  const lines = growing.map((resource, index) => ({
    name: resourceName(resource),
    style: styles[index] ?? styles[0],
    points: growth
      .map(({ month, utilisation }) => [month, utilisation[resource] ?? 0] as const)
      .filter(([, used]) => used <= highestShown),
    crossing: growth.find(({ utilisation }) => (utilisation[resource] ?? 0) > 1)?.month ?? null,
    end: last.utilisation[resource] ?? 0,
  }));
  const most = Math.min(highestShown, Math.max(...lines.map(({ end }) => end)));
  const scale = most <= 1 ? { max: 1.2, interval: 0.2 } : { max: Math.ceil(most * 2) / 2, interval: 0.5 };
  return {
    id: 'runway',
    title: 'Growth against limits',
    description: lines
      .map(({ name, crossing, end }) =>
        crossing === null
          ? `${name} reaches ${formatPercent(end)} of its limit in month ${last.month}.`
          : `${name} exceeds its limit in month ${crossing}.`,
      )
      .join(' '),
    legend: lines.map(({ name, style }) => ({ text: name, ...style })),
    caption:
      'The worse of both: every broker in service, and after the loss to be survived. Nothing is enlarged on the way.',
    option: () => ({
      grid: grid(52),
      xAxis: axis({
        type: 'value',
        min: 0,
        max: last.month,
        interval: 12,
        format: (month) => (month === 0 ? 'today' : `month ${month}`),
      }),
      yAxis: axis({ type: 'value', min: 0, ...scale, format: formatPercent }),
      series: lines.map(({ style, points }, index) =>
        line({ ...style, points, ...(index === 0 ? { marks: bounds([{ value: 1, text: 'limit' }]) } : {}) }),
      ),
    }),
  };
}
