/** Where the room is: every resource of a broker, with every broker and after the loss. */
import { describeUse } from '../../plan/capacity/candidate.ts';
import { recoveryText } from '../../plan/capacity/recovery-text.ts';
import type { ResourceUse } from '../../plan/capacity/resources.ts';
import type { ClusterPlan } from '../../plan/types.ts';
import { utilisationChart } from '../charts/utilisation.ts';
import { type Markup, markup } from '../markup.ts';
import { beside } from '../sections/pair.ts';
import { table } from '../sections/table.ts';
import type { CapacityReport } from './types.ts';
import { lossName, resourceName } from './words.ts';

export function resourcesSection({ plan }: CapacityReport): Markup | null {
  const { cluster } = plan;
  if (cluster.resources.length === 0) return null;
  return markup`<section>
<h2>Where the room is</h2>
<p>What each broker uses of each resource at peak, ${cluster.survive === 'none' ? 'with every broker in service' : `with every broker in service and after ${lossName(cluster.survive)}`}. The most used one decides how much headroom there is.</p>
${beside(utilisationChart(cluster), words(cluster))}
${resourceTable(cluster)}
</section>
`;
}

function words({ resources, recovery }: ClusterPlan): Markup {
  const weak = resources
    .filter(({ evidence }) => evidence === 'heuristic')
    .map(({ resource }) => resourceName(resource));
  const times = recoveryText(recovery);
  return markup`<p>Limits are those that AWS or Apache publish or recommend, less a reserve${weak.length === 0 ? '' : `; ${weak.join(', ')} by a rule of thumb, until it is calibrated`}.</p>
${times === null ? null : markup`<p>At peak ${times}.</p>`}`;
}

/** `84 MB/s of 75 MB/s (112 %)`. */
export function useText(use: ResourceUse | undefined): string {
  return use === undefined ? '' : describeUse(use).slice(use.resource.length + 1);
}

function resourceTable({ resources, degraded, survive }: ClusterPlan): Markup {
  return table<ResourceUse>(
    'Resources',
    [
      { name: 'resource', cell: ({ resource }) => resourceName(resource) },
      { name: 'used of the limit', kind: 'wrap', cell: (use) => useText(use) },
      ...(survive === 'none'
        ? []
        : [
            {
              name: `after ${lossName(survive)}`,
              kind: 'wrap' as const,
              cell: ({ resource }: ResourceUse) => useText(degraded.resources.find((use) => use.resource === resource)),
            },
          ]),
      { name: 'how it is reckoned', kind: 'wrap', cell: ({ formula }) => formula },
      { name: 'evidence', cell: ({ evidence }) => evidence },
    ],
    resources,
  );
}
