/**
 * PromQL over signals instead of metric names: `sum by (cluster) (rate(<bytesIn>[5m]))`. `<id>` or `<id|label="value">`
 * stands for the selector of a signal under one profile, so one condition serves them all and an unknown name is found
 * before Prometheus sees it. `{10m}` is a duration in seconds. Durations can be divided for a drill.
 */
import { HeadroomError } from '../errors.ts';
import { isAvailable, type NotAvailable, type Profile, type PrometheusSource, type Signal } from './types.ts';

export interface ExpressionScope {
  readonly profile: Profile;
  /** Matchers that every selector gets, such as `cluster=~"$cluster"`; those of brokers only where brokers report. */
  readonly matchers: readonly string[];
  readonly brokerMatchers: readonly string[];
  /** Every duration of the expression is divided by this. */
  readonly timeDivisor: number;
}

export const unscoped: Omit<ExpressionScope, 'profile'> = { matchers: [], brokerMatchers: [], timeDivisor: 1 };

const placeholder = /<([A-Za-z][A-Za-z0-9]*)(?:\|([^<>]*))?>/g;
const unitSec: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Ids of the signals in the order they appear. */
export function signalsIn(template: string): readonly string[] {
  return [...new Set([...template.matchAll(placeholder)].map((match) => match[1] ?? ''))];
}

/** Where a profile's Prometheus finds a signal. */
export function sourceOf(signal: Signal, profile: Profile): PrometheusSource | NotAvailable {
  return profile === 'msk' ? signal.sources.msk : signal.sources.selfManaged;
}

/** Why a template cannot be used under a profile, by signal; empty when it can. */
export function unavailableIn(
  template: string,
  profile: Profile,
  signalOf: (id: string) => Signal,
): readonly { readonly signal: string; readonly reason: string }[] {
  return signalsIn(template).flatMap((id) => {
    const source = sourceOf(signalOf(id), profile);
    return isAvailable(source) ? [] : [{ signal: id, reason: source.notAvailable }];
  });
}

/** The template as PromQL. Throws INTERNAL for a signal that the profile has not: callers ask `unavailableIn` first. */
export function renderExpression(template: string, scope: ExpressionScope, signalOf: (id: string) => Signal): string {
  return template
    .replaceAll(placeholder, (_, id: string, matchers: string | undefined) =>
      selector(signalOf(id), matchers ?? '', scope),
    )
    .replaceAll(/\[(\d+[smhd])(?::(\d+[smhd]))?\]/g, (_, range: string, step: string | undefined) =>
      step === undefined ? `[${scaled(range, scope)}]` : `[${scaled(range, scope)}:${scaled(step, scope)}]`,
    )
    .replaceAll(/\{(\d+)([smhd])\}/g, (_, count: string, unit: string) =>
      String((Number(count) * (unitSec[unit] ?? 1)) / scope.timeDivisor),
    );
}

function scaled(duration: string, { timeDivisor }: ExpressionScope): string {
  if (timeDivisor === 1) return duration;
  return durationText((Number.parseInt(duration, 10) * (unitSec[duration.slice(-1)] ?? 1)) / timeDivisor);
}

/** As Prometheus writes durations; never below a millisecond. */
export function durationText(seconds: number): string {
  const milliseconds = Math.max(seconds === 0 ? 0 : 1, Math.round(seconds * 1000));
  if (milliseconds % 1000 !== 0) return `${milliseconds}ms`;
  const whole = milliseconds / 1000;
  const [unit, size] = Object.entries(unitSec)
    .reverse()
    .find(([, length]) => whole >= length && whole % length === 0) ?? ['s', 1];
  return `${whole / size}${unit}`;
}

function selector(signal: Signal, matchers: string, scope: ExpressionScope): string {
  const source = sourceOf(signal, scope.profile);
  if (!isAvailable(source)) {
    throw new HeadroomError('INTERNAL', `signal ${signal.id} under ${scope.profile}: ${source.notAvailable}`);
  }
  const asked = matchers === '' ? [] : matchers.split(/,(?=[A-Za-z_]+(?:=|!))/);
  const { metric, left } = pickQuantile(signal, source, asked);
  const all = [
    ...Object.entries(source.matchers).map(([label, value]) => `${label}="${value}"`),
    ...left,
    ...scope.matchers,
    ...(signal.perBroker ? scope.brokerMatchers : []),
  ];
  return all.length === 0 ? metric : `${metric}{${all.join(',')}}`;
}

/** A metric a quantile instead of a label, where the exporter has no rules. */
function pickQuantile(
  signal: Signal,
  source: PrometheusSource,
  asked: readonly string[],
): { readonly metric: string; readonly left: readonly string[] } {
  const suffix = signal.kind === 'histogram' && asked.some((each) => each.startsWith('le=')) ? '_bucket' : '';
  if (source.byQuantile === undefined) return { metric: `${source.metric}${suffix}`, left: asked };
  const quantile = asked.map((each) => /^quantile="([^"]+)"$/.exec(each)?.[1]).find((each) => each !== undefined);
  const named = source.byQuantile[quantile ?? ''];
  if (named === undefined) {
    const known = Object.keys(source.byQuantile).join(', ');
    throw new HeadroomError('INTERNAL', `signal ${signal.id} needs a quantile of ${known}, got ${quantile ?? 'none'}`);
  }
  return { metric: named.metric, left: asked.filter((each) => !each.startsWith('quantile=')) };
}
