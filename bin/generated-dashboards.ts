/** What `npm run generate` writes below dashboards/generated: boards, rules and exporter configuration of every profile. */
import { dashboardFiles } from '../dashboards/files.ts';
import { profiles } from '../lib/metrics/types.ts';

/** Path from the root of the repository -> content. */
export function generatedDashboards(): Readonly<Record<string, string>> {
  return Object.fromEntries(
    profiles.flatMap((profile) =>
      Object.entries(dashboardFiles({ profile })).map(([name, content]) => [
        `dashboards/generated/${profile}/${name}`,
        content,
      ]),
    ),
  );
}
