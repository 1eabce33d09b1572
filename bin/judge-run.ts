/** From a measurement to files: judges, renders, searches what was rendered, writes. Kept here because `bench` may not judge. */
import { withReportSearched } from '../bench/privacy/places.ts';
import type { Proof } from '../bench/prove.ts';
import type { ResultsFolder } from '../bench/results.ts';
import type { Plan } from '../lib/plan/types.ts';
import { renderHtml } from '../lib/report/html.ts';
import { renderMarkdown } from '../lib/report/markdown.ts';
import type { Run } from '../lib/report/types.ts';
import type { Requirements } from '../lib/requirements/types.ts';
import { judge } from '../lib/verdict/judge.ts';

/** Judges a run and completes its folder: measurement.json, verdict.json, report.html, report.md. */
export async function judgeRun(requirements: Requirements, plan: Plan, proof: Proof): Promise<Run> {
  const { environment, folder, privacy } = proof;
  let { measurement } = proof;
  const judged = (): Run => ({
    plan,
    environment,
    measurement,
    verdict: judge(requirements, plan, measurement, environment),
  });
  if (privacy !== null && measurement.privacy !== null) {
    // The report is searched before it says so itself: the final one differs by the count alone.
    const draft = judged();
    const rendered = [renderHtml(draft), renderMarkdown(draft), JSON.stringify(draft.verdict)];
    measurement = { ...measurement, privacy: withReportSearched(measurement.privacy, privacy, rendered) };
    await folder.write('measurement', measurement);
  }
  const run = judged();
  await folder.write('verdict', run.verdict);
  await writeReports(folder, run);
  return run;
}

/** report.html and report.md of a run. */
export async function writeReports(folder: ResultsFolder, run: Run): Promise<void> {
  await folder.write('html', renderHtml(run));
  await folder.write('markdown', renderMarkdown(run));
}
