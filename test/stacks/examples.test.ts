import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
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

function planOf(file: string, target: Target) {
  const requirements = parseUseCase(readFileSync(join(packageRoot, 'examples', file), 'utf8'), file);
  return planUseCase({ ...requirements, cluster: { ...requirements.cluster, target } });
}

function synthesise(file: string, target: Target): string {
  const app = newApp();
  addKafkaStacks(app, { plan: planOf(file, target), ...(target === 'ec2' ? { ec2: { imageId, artifacts } } : {}) });
  addChecks(app);
  // Throws with every finding of the schemas and of our rules.
  const assembly = app.synth();
  const report = JSON.parse(readFileSync(join(assembly.directory, 'validation-report.json'), 'utf8')) as {
    pluginReports: { violations: unknown[] }[];
  };
  expect(report.pluginReports.flatMap(({ violations }) => violations)).toEqual([]);
  for (const { stackName, template } of assembly.stacks) keep(`${file}-${target}-${stackName}.json`, template);
  return JSON.stringify(assembly.stacks.map(({ template }) => template));
}

/** For scripts/second-opinion.sh, which reads the templates with an engine of another maker. */
function keep(name: string, template: unknown): void {
  const folder = process.env.HEADROOM_TEMPLATES;
  if (folder !== undefined) writeFileSync(join(folder, name), JSON.stringify(template, null, 2));
}

describe('every example', () => {
  it.each(pairs)('%s becomes stacks on %s without a finding, the same twice', (file, target) => {
    const first = synthesise(file, target);
    expect(first).toContain('AWS::');
    expect(synthesise(file, target)).toBe(first);
  });
});
