/** `headroom diff`: what deploying B over A would do, before anybody does it. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { type ChangeSide, reportChanges } from '../../lib/stacks/changes/report.ts';
import { templatesOfSteps } from '../../lib/stacks/changes/step-templates.ts';
import { renderChanges } from '../../lib/stacks/changes/text.ts';
import type { ChangeReport } from '../../lib/stacks/changes/types.ts';
import { type Command, stringOption } from '../command.ts';
import { type ChangeSource, readChangeSource } from '../read-change-side.ts';

export const command: Command = {
  name: 'diff',
  arguments: 'A B',
  minArguments: 2,
  maxArguments: 2,
  summary: 'say what a change of plans or templates does to a running cluster, and in which steps',
  options: {
    json: { type: 'boolean', description: 'print the same as JSON' },
    steps: {
      type: 'string',
      value: 'DIR',
      description: 'write the templates of each step but the last, which is the deployment of B',
    },
  },
  notes: `A is what is deployed, B what is to be: two use cases or plans, or two templates or folders of cdk synth.
Each change is replaced, rolling, in place or refused; what MSK takes one at a time is put into steps.
Exits 0 when B can be deployed, 1 when it would replace or remove what holds data or cannot be made,
64 when a side cannot be read.`,
  examples: [
    'headroom diff cdk.out.before cdk.out',
    'headroom diff examples/course-events.yaml examples/course-events.yaml',
  ],
  async run(context) {
    const { positionals, options, stdout, cwd } = context;
    const [before, after] = positionals.map((path) => readChangeSource(path, cwd));
    if (before === undefined || after === undefined) throw new HeadroomError('USAGE', 'diff: expected A B');
    refuseStrangers(before, after);
    requireCdk();
    const folder = stringOption(context, 'steps');
    if (folder !== undefined) refusePlans(before);
    const sides = [await sideOf(before), await sideOf(after)] as const;
    const report = reportChanges(...sides);
    if (folder !== undefined) writeSteps(resolve(cwd, folder), sides, report);
    stdout(options.json === true ? `${JSON.stringify(report, null, 2)}\n` : renderChanges(report));
    return report.outcome === 'met' ? exitCodes.met : exitCodes.notMet;
  },
};

function refuseStrangers(before: ChangeSource, after: ChangeSource): void {
  if (before.kind !== after.kind)
    throw new HeadroomError('USAGE', `diff: ${before.name} is a ${before.kind}, ${after.name} a ${after.kind}`, {
      hint: 'compare two plans or use cases, or two templates or folders of cdk synth',
    });
  if (before.kind === 'plan' && after.kind === 'plan' && before.plan.useCase !== after.plan.useCase)
    throw new HeadroomError(
      'USAGE',
      `diff: ${before.name} is of ${before.plan.useCase}, ${after.name} of ${after.plan.useCase}: their stacks share nothing`,
      { hint: 'compare two plans of one use case' },
    );
}

/** A peer dependency, which is not in the image of the nightly run. */
function requireCdk(): void {
  try {
    createRequire(import.meta.url).resolve('aws-cdk-lib/package.json');
  } catch (cause) {
    throw new HeadroomError(
      'RESOURCE_MISSING',
      'diff: aws-cdk-lib is not installed, which knows what CloudFormation replaces',
      {
        hint: 'install it beside headroom: npm install aws-cdk-lib constructs',
        cause,
      },
    );
  }
}

/** Their templates are made for comparing: zones, names and images of the deployment are not in them. */
function refusePlans({ kind, name }: ChangeSource): void {
  if (kind === 'plan')
    throw new HeadroomError('USAGE', `diff: --steps takes templates, ${name} is a plan`, {
      hint: 'synthesise both: npx cdk synth -o FOLDER -c useCase=..., and compare the folders',
    });
}

/** Nothing is written of what must not be deployed. */
function writeSteps(folder: string, [before, after]: readonly [ChangeSide, ChangeSide], { steps }: ChangeReport): void {
  templatesOfSteps(before.templates, after.templates, steps).forEach((templates, index) => {
    const step = join(folder, `step-${index + 1}`);
    mkdirSync(step, { recursive: true });
    for (const { templatePath, template } of templates)
      writeFileSync(join(step, `${templatePath}.template.json`), `${JSON.stringify(template, null, 1)}\n`);
  });
}

/** The CDK is loaded for plans alone. */
async function sideOf(source: ChangeSource): Promise<ChangeSide> {
  if (source.kind === 'templates') return { ...source, plan: null };
  const { templatesOf } = await import('../../lib/stacks/plan-templates.ts');
  return { name: source.name, plan: source.plan, templates: templatesOf(source.plan) };
}
