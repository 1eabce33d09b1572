/** Stacks of a plan synthesised in this process, with the feature flags that the CLI would pass. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Template } from 'aws-cdk-lib/assertions';
import { App } from 'aws-cdk-lib/core';
import { afterAll, expect } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import type { Plan } from '../../lib/plan/types.ts';
import type { ClusterRequirement } from '../../lib/requirements/types.ts';
import { addKafkaStacks, type KafkaStacksProps } from '../../lib/stacks/kafka-stacks.ts';
import { topicOf, useCaseOf } from '../plan/use-cases.ts';

// cdk.json is read by the CLI only.
const { context } = JSON.parse(readFileSync(join(packageRoot, 'cdk.json'), 'utf8')) as {
  context: Record<string, unknown>;
};

// What the templates say is tested here; whether CloudFormation takes them, where the checks are.
process.env.CDK_VALIDATION = 'false';

export function planOf(cluster: Partial<ClusterRequirement> = {}, topics = [topicOf()]): Plan {
  return planUseCase(useCaseOf(topics, cluster));
}

// The CDK never removes the folder that it makes for an app without one.
const assemblies = mkdtempSync(join(tmpdir(), 'headroom-assemblies-'));
afterAll(() => rmSync(assemblies, { recursive: true, force: true }));

export function newApp(): App {
  const { useCase, ...flags } = context;
  return new App({ analyticsReporting: false, context: flags, outdir: mkdtempSync(join(assemblies, 'app-')) });
}

/** By the end of the stack's name: `network`, `cluster`, ... */
export function synthesise(
  plan: Plan = planOf(),
  props: Omit<KafkaStacksProps, 'plan'> = {},
): Readonly<Record<string, Template>> {
  const app = newApp();
  addKafkaStacks(app, { plan, ...props });
  return Object.fromEntries(
    app.synth().stacks.map(({ stackName, template }) => [stackName.split('-').at(-1), Template.fromJSON(template)]),
  );
}

export function clusterOf(plan?: Plan, msk: NonNullable<KafkaStacksProps['msk']> = {}): Template {
  return synthesise(plan, { msk }).cluster as Template;
}

/** Properties of the one resource of that type. */
export function resourceOf(template: Template | undefined, type: string): Record<string, unknown> {
  const [found, ...others] = Object.values(template?.findResources(type) ?? {});
  expect(others, `one ${type}`).toEqual([]);
  return found?.Properties as Record<string, unknown>;
}
