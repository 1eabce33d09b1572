/**
 * The CDK entry: a use case file becomes a plan, the plan stacks, and every template is checked. Run by the CDK CLI
 * (`npx cdk synth`), which passes the context of cdk.json and of its `-c` options; the only file of `bin` that loads aws-cdk-lib.
 */
import { App } from 'aws-cdk-lib/core';
import { exitCodes } from '../lib/errors.ts';
import { planUseCase } from '../lib/plan/plan.ts';
import type { Plan } from '../lib/plan/types.ts';
import { addKafkaStacks } from '../lib/stacks/kafka-stacks.ts';
import { addChecks } from '../lib/stacks/rules/checks.ts';
import { type AppContext, readContext } from './app-context.ts';
import { readPlan } from './read-plan.ts';
import { readUseCase } from './read-use-case.ts';
import { renderError } from './render-error.ts';

function synthesise(): void {
  const app = new App();
  const context = readContext(app);
  const { plan, region, useCaseText } = planOf(context);
  const bench = context.bench === undefined ? {} : { bench: { ...context.bench, useCaseText } };
  const env = region === null ? {} : { env: { region } };
  addKafkaStacks(app, { ...context.stacks, plan, ...env, ...bench });
  addChecks(app);
  app.synth();
}

/** The plan in the file named, or the one of the use case, for the target named. */
function planOf(context: AppContext): { plan: Plan; region: string | null; useCaseText: string } {
  const { plan: path, useCase, target, stacks } = context;
  if (path !== undefined) {
    const plan = readPlan(path);
    return { plan, region: plan.cost.region, useCaseText: '' };
  }
  const { requirements, text, placeOf } = readUseCase(useCase);
  const { cluster } = requirements;
  const aimed = target === undefined ? requirements : { ...requirements, cluster: { ...cluster, target } };
  const options = {
    placeOf,
    tieredLocalMs: context.tieredLocalMs ?? null,
    combinedControllers: stacks.ec2?.controllers === 'combined',
  };
  return { plan: planUseCase(aimed, options), region: cluster.region, useCaseText: text };
}

/** The CDK has said already what its checks found. */
function isFailedCheck(error: unknown): boolean {
  return error instanceof Error && error.name === 'ValidationFailed';
}

try {
  synthesise();
} catch (error) {
  if (isFailedCheck(error)) {
    process.exitCode = exitCodes.badInput;
  } else {
    const { text, exitCode } = renderError(error);
    process.stderr.write(text);
    process.exitCode = exitCode;
  }
}
