/** `slo.cost.max`: what the plan costs a month. */
import { formatCount } from '../units.ts';
import { type Question, type Subject, undecided, upperMargin } from './question.ts';

export function costQuestions({ requirements, plan }: Subject): readonly Question[] {
  const bound = requirements.slo.costMaxUsdPerMonth;
  if (bound === null) return [];
  const { monthlyUsd, reason, pricesAsOf, region } = plan.cost;
  return [
    {
      id: 'slo.cost.max',
      requirement: 'cost',
      required: bound,
      unit: 'USD/month',
      evidence: 'predicted',
      target: plan.cluster.target,
      answer: () =>
        monthlyUsd === null
          ? undecided(reason ?? 'the plan has no cost')
          : {
              found: monthlyUsd,
              margin: upperMargin(bound, monthlyUsd),
              outcome: monthlyUsd <= bound ? 'met' : 'notMet',
              reason: `${formatCount(monthlyUsd)} USD/month in ${region ?? 'no region'}, prices as of ${pricesAsOf ?? 'an unknown date'}, ${monthlyUsd <= bound ? 'required' : 'more than'} ${formatCount(bound)}`,
            },
    },
  ];
}
