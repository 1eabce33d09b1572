/** What a lead must know, in sentences: does it hold, how much room is left, until when, for how much, at what risk. */
import type { ClusterCapacity, Plan } from '../../plan/types.ts';
import { formatCount, formatPercent } from '../../units.ts';
import { assumptions } from './assumptions.ts';
import { isBrokenPromise } from './broken-promises.ts';
import { risks, warningText } from './risks.ts';
import type { CapacityState, CapacitySummary, Headroom, Proof, RunsOut } from './types.ts';
import { limitText, lossName, resourceName } from './words.ts';

export function capacitySummary(plan: Plan, proof: Proof | null): CapacitySummary {
  const { cost, growth } = plan;
  const facts = {
    cluster: clusterText(plan),
    headroom: headroomOf(plan),
    runsOut: runsOutOf(plan),
    monthsPlanned: growth.at(-1)?.month ?? 0,
  };
  return {
    state: stateOf(plan, proof),
    verdict: verdictOf(plan, proof, facts),
    ...facts,
    monthlyUsd: cost.monthlyUsd,
    costBasis: noneFits(plan) ? 'nothing fits' : (cost.reason ?? `list prices of ${cost.region}, ${cost.pricesAsOf}`),
    risks: risks(plan, facts.runsOut),
    assumptions: assumptions(plan, proof),
  };
}

/** Nothing that fits, a resource above its limit, a promise that cannot be kept, a cost above the bound or a run that missed is a miss; unproven is no pass. */
function stateOf(plan: Plan, proof: Proof | null): CapacityState {
  const tight = tightest(plan);
  const dear = plan.warnings.some(({ code }) => code === 'COST_EXCEEDED');
  const broken = plan.warnings.some(isBrokenPromise);
  if (proof?.outcome === 'notMet' || dear || broken || (tight !== null && tight < 0) || noneFits(plan)) return 'missed';
  return proof?.outcome === 'met' && tight !== null ? 'fits' : 'planned';
}

function noneFits({ cluster }: Plan): boolean {
  return cluster.instanceType === null && cluster.target !== 'existing' && cluster.target !== 'msk-serverless';
}

function tightest({ cluster }: Plan): number | null {
  const rooms = [cluster.headroom, cluster.degraded.headroom].filter((room) => room !== null);
  return rooms.length === 0 ? null : Math.min(...rooms);
}

function clusterText({ cluster }: Plan): string | null {
  if (cluster.target === 'msk-serverless') return 'one Serverless cluster';
  if (cluster.instanceType === null) return null;
  return `${cluster.brokers} brokers ${cluster.instanceType} in ${cluster.zones} ${cluster.zones === 1 ? 'zone' : 'zones'}`;
}

function headroomOf({ cluster }: Plan): Headroom | null {
  const { headroom: today, bindingConstraint: binds, survive, degraded } = cluster;
  if (today === null || binds === null) return null;
  const after = survive === 'none' ? null : degraded;
  return { today, binds, afterLoss: after?.headroom ?? null, bindsAfterLoss: after?.bindingConstraint ?? null };
}

function runsOutOf({ growth }: Plan): RunsOut | null {
  const first = growth.find(({ limitsReached }) => limitsReached.length > 0);
  return first === undefined ? null : { month: first.month, limits: first.limitsReached.map(limitText) };
}

type Facts = Pick<CapacitySummary, 'cluster' | 'headroom' | 'runsOut' | 'monthsPlanned'>;

function verdictOf(plan: Plan, proof: Proof | null, facts: Facts): string {
  return [
    ...promiseSentence(plan),
    sizeSentence(plan, facts),
    growthSentence(facts),
    costSentence(plan),
    proofSentence(proof),
  ].join('. ');
}

function promiseSentence(plan: Plan): readonly string[] {
  const [first, ...others] = plan.warnings.filter(isBrokenPromise);
  if (first === undefined) return [];
  const more = others.length === 0 ? '' : `, and ${others.length} more below`;
  return [`What is asked for cannot be kept: ${warningText(plan, first)}${more}`];
}

function sizeSentence({ cluster, missing }: Plan, { cluster: chosen, headroom }: Facts): string {
  if (cluster.target === 'existing') return 'Whether the existing cluster carries it is not known here: run it there';
  if (chosen === null || headroom === null)
    return `Nothing on ${cluster.target} carries it: ${missing['cluster.instanceType'] ?? 'no type fits'}`;
  const room = (value: number, binds: string | null): string =>
    `${formatPercent(value)} headroom (${resourceName(binds ?? '')})`;
  const after =
    headroom.afterLoss === null
      ? ''
      : headroom.afterLoss === headroom.today && headroom.bindsAfterLoss === headroom.binds
        ? `, also after ${lossName(cluster.survive)}`
        : `, ${room(headroom.afterLoss, headroom.bindsAfterLoss)} after ${lossName(cluster.survive)}`;
  return `${chosen} ${verbFor(cluster)} it with ${room(headroom.today, headroom.binds)}${after}`;
}

function verbFor({ instanceType }: ClusterCapacity): string {
  return instanceType === null ? 'carries' : 'carry';
}

function growthSentence({ runsOut, monthsPlanned }: Facts): string {
  if (runsOut === null) return `Nothing runs out within ${monthsPlanned} months`;
  return runsOut.month === 0 ? 'A limit is reached today' : `The first limit is reached in month ${runsOut.month}`;
}

function costSentence({ cost, slo, missing }: Plan): string {
  // Where nothing fits the reason was told before.
  if (cost.monthlyUsd === null && cost.reason === missing['cluster.instanceType']) return 'So nothing is priced';
  if (cost.monthlyUsd === null) return `Its cost is not known: ${cost.reason}`;
  const bound = slo.costMaxUsdPerMonth === null ? '' : `, at most ${formatCount(slo.costMaxUsdPerMonth)} asked for`;
  return `It costs ${formatCount(Math.round(cost.monthlyUsd))} USD a month${bound}`;
}

function proofSentence(proof: Proof | null): string {
  if (proof === null) return 'Nothing has been proven yet: headroom prove runs it';
  const words = { met: 'met', notMet: 'not met', inconclusive: 'inconclusive' }[proof.outcome];
  return `The run of ${proof.startedAt.slice(0, 10)} on ${proof.target} is ${words}: ${proof.headline}`;
}
