/** All rules, and their run as a CDK validation plugin at every synth. */
import { readFileSync } from 'node:fs';
import type { IPolicyValidationContext, IPolicyValidationPlugin, PolicyValidationPluginReport } from 'aws-cdk-lib/core';
import { alarmRules } from './alarm-rules.ts';
import { dataRules } from './data-rules.ts';
import { mskClusterRules } from './msk-cluster-rules.ts';
import { mskStorageRules } from './msk-storage-rules.ts';
import { type Finding, type Rule, type Template, type TemplateResource, TemplateSet } from './rule.ts';
import { topicRules } from './topic-rules.ts';

export const rulePack: readonly Rule[] = [
  ...mskClusterRules,
  ...mskStorageRules,
  ...topicRules,
  ...alarmRules,
  ...dataRules,
];

export interface Violation extends Finding {
  readonly rule: Rule;
  readonly resource: TemplateResource;
}

/** What breaks a rule, in the order of the templates. */
export function violationsOf(all: TemplateSet, rules: readonly Rule[] = rulePack): readonly Violation[] {
  return all.resources.flatMap((resource) =>
    rules
      .filter(({ types }) => types.includes(resource.type))
      .flatMap((rule) => rule.check(resource, all).map((finding) => ({ ...finding, rule, resource }))),
  );
}

/** Runs the pack over the templates of an app; every violation is an error that says what to change. */
export class HeadroomRules implements IPolicyValidationPlugin {
  readonly name = 'Headroom';
  readonly ruleIds = rulePack.map(({ id }) => id);

  validate({ templatePaths }: IPolicyValidationContext): PolicyValidationPluginReport {
    const all = new TemplateSet(
      templatePaths.map((templatePath) => ({
        templatePath,
        template: JSON.parse(readFileSync(templatePath, 'utf8')) as Template,
      })),
    );
    const violations = violationsOf(all).map(({ rule, resource, at, found }) => ({
      ruleName: rule.id,
      description: `${rule.must}; ${at}: ${found}`,
      fix: rule.fix,
      severity: 'error',
      violatingResources: [
        { resourceLogicalId: resource.logicalId, templatePath: resource.templatePath, locations: [`Properties.${at}`] },
      ],
    }));
    return { success: violations.length === 0, violations };
  }
}
