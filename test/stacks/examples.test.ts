import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { App } from 'aws-cdk-lib/core';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../bench/package-root.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { parseUseCase } from '../../lib/requirements/parse.ts';
import { type Target, targets } from '../../lib/requirements/types.ts';
import { addKafkaStacks } from '../../lib/stacks/kafka-stacks.ts';
import { addChecks } from '../../lib/stacks/rules/checks.ts';
import { artifacts, imageId } from './ec2-app.ts';
import { newApp } from './synthesise.ts';

const examples = readdirSync(join(packageRoot, 'examples')).filter((name) => name.endsWith('.yaml'));
const buildable = targets.filter((target) => target !== 'existing');
// By target, because the checks start anew with every new type of resource.
const pairs = buildable.flatMap((target) => examples.map((file) => [file, target] as const));

function textOf(file: string): string {
  return readFileSync(join(packageRoot, 'examples', file), 'utf8');
}

function planOf(file: string, target: Target) {
  const requirements = parseUseCase(textOf(file), file);
  return planUseCase({ ...requirements, cluster: { ...requirements.cluster, target } });
}

function appOf(file: string, target: Target): App {
  const app = newApp();
  const plan = planOf(file, target);
  // The bench is priced, which needs a region with prices.
  const isBenched = plan.cost.pricesAsOf !== null && target !== 'ec2';
  addKafkaStacks(app, {
    plan,
    ...(target === 'ec2' ? { ec2: { imageId, artifacts } } : {}),
    ...(isBenched ? { bench: { image: 'headroom:1', useCaseText: textOf(file) } } : {}),
  });
  return app;
}

/** For scripts/second-opinion.sh, which reads the templates with an engine of another maker. */
function keep(name: string, template: unknown): void {
  const folder = process.env.HEADROOM_TEMPLATES;
  if (folder !== undefined) writeFileSync(join(folder, name), JSON.stringify(template, null, 2));
}

describe('every example', () => {
  it.each(pairs)('%s becomes stacks on %s without a finding, the same twice', (file, target) => {
    const app = appOf(file, target);
    addChecks(app);
    // Throws with every finding of the schemas and of our rules.
    const { directory, stacks } = app.synth();
    const report = JSON.parse(readFileSync(join(directory, 'validation-report.json'), 'utf8')) as {
      pluginReports: { violations: unknown[] }[];
    };
    expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
    expect(stacks.length).toBeGreaterThanOrEqual(3);
    for (const { stackName, template } of stacks) keep(`${file}-${target}-${stackName}.json`, template);
    const again = appOf(file, target).synth().stacks;
    expect(again.map(({ template }) => JSON.stringify(template))).toEqual(
      stacks.map(({ template }) => JSON.stringify(template)),
    );
  });
});
