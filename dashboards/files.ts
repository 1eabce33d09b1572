/** All that is made for a profile: boards and rules, by file name. `npm run generate` commits it, `export` writes it anywhere. */
import { exporterConfig } from '../lib/metrics/exporter-config.ts';
import { plannedFigures, planRecords } from '../lib/metrics/planned.ts';
import { prometheusRules, requireProfile } from '../lib/metrics/prometheus-rules.ts';
import type { Plan } from '../lib/plan/types.ts';
import { boards } from './index.ts';
import { renderBoard } from './render.ts';

export interface DashboardExport {
  readonly profile: string;
  /** Address in front of `<alert>.md`; left out, paths in the repository. */
  readonly runbookUrl?: string;
  /** Figures to draw and to compare with, and the value of the label `cluster` they get. */
  readonly plan?: { readonly plan: Plan; readonly cluster: string };
}

/** File name -> content. Throws USAGE for an unknown profile. */
export function dashboardFiles({ profile, runbookUrl, plan }: DashboardExport): Readonly<Record<string, string>> {
  requireProfile(profile);
  const link = runbookUrl === undefined ? {} : { runbookUrl: runbookUrl.endsWith('/') ? runbookUrl : `${runbookUrl}/` };
  const files: Record<string, string> = {};
  for (const board of boards) {
    const dashboard = renderBoard(board, { profile, ...link });
    if (dashboard !== null) files[`${board.id}.json`] = `${JSON.stringify(dashboard, null, 2)}\n`;
  }
  files['alerts.yaml'] = prometheusRules({ profile, ...link });
  if (profile !== 'msk') files['jmx-exporter.yaml'] = exporterConfig();
  if (plan !== undefined) files['plan.yaml'] = planRecords(plannedFigures(plan.plan), plan.cluster, plan.plan);
  return files;
}
