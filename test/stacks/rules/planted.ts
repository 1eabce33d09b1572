/** Sound templates of each target, and what the checks find in them after a fault was planted. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { IPolicyValidationContext, IPolicyValidationPlugin } from 'aws-cdk-lib/core';
import type { Plan } from '../../../lib/plan/types.ts';
import { HeadroomRules } from '../../../lib/stacks/rules/rule-pack.ts';
import { strictTemplates } from '../../../lib/stacks/rules/strict-templates.ts';
import { topicOf } from '../../plan/use-cases.ts';
import { planOf, synthesise } from '../synthesise.ts';

/** A template that a fault may be planted in. */
// biome-ignore lint/suspicious/noExplicitAny: a planted fault may be of any shape
export type Json = any;

const topics = [topicOf(), topicOf({ name: 'order-PaymentApproved', consumers: [] })];
const plan = planOf({ region: null }, topics);
const bought: Plan = {
  ...plan,
  cluster: { ...plan.cluster, instanceType: 'kafka.m5.4xlarge' },
  storage: { ...plan.storage, provisionedThroughputMiBps: 400 },
};

const made = {
  msk: synthesise(bought, { msk: { scramUsers: ['alice'], tieredLocalMs: 86_400_000 } }),
  express: synthesise(planOf({ target: 'msk-express', brokers: null, region: null }, topics)),
  serverless: synthesise(planOf({ target: 'msk-serverless', brokers: null, region: null }, topics)),
};
export type Sound = keyof typeof made;
export const soundTargets = Object.keys(made) as Sound[];

/** A copy of the templates of a target: of the cluster, and of the network. */
export function soundTemplates(target: Sound): { cluster: Json; network: Json } {
  const { cluster, network } = made[target];
  return structuredClone({ cluster: cluster?.toJSON(), network: network?.toJSON() });
}

export function propertiesOf(template: Json, type: string): Json {
  return resourceOf(template, type).Properties;
}

/** The first of its type. */
export function resourceOf(template: Json, type: string): Json {
  const found = Object.values<Json>(template.Resources).find((resource) => resource.Type === type);
  if (found === undefined) throw new Error(`no ${type} to plant a fault in`);
  return found;
}

/** CloudFormation's schemas, and our own rules. */
export const schemas = strictTemplates;
export const rules = new HeadroomRules();

/** Ids of the rules that fail the synth of these templates. */
export function errorsIn(templates: readonly Json[], checks: readonly IPolicyValidationPlugin[]): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-rules-'));
  try {
    const stackTemplates = templates.map((template, index) => {
      const templatePath = join(folder, `${index}.template.json`);
      writeFileSync(templatePath, JSON.stringify(template));
      return { stackConstructPath: `${index}`, templatePath, accountId: undefined, region: undefined };
    });
    const templatePaths = stackTemplates.map(({ templatePath }) => templatePath);
    const context = { templatePaths, stackTemplates } as unknown as IPolicyValidationContext;
    return checks.flatMap((check) =>
      check
        .validate(context)
        .violations.filter(({ severity }) => severity === 'error')
        .map(({ ruleName }) => ruleName),
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
}
