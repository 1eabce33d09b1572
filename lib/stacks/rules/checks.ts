/** The checks that every synth of ours runs: CloudFormation's schemas and our own rules, both failing it. */
import { type App, Validations } from 'aws-cdk-lib/core';
import { HeadroomRules } from './rule-pack.ts';
import { strictTemplates } from './strict-templates.ts';

/** A synth of the app fails when a template breaks a rule, with what to change. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(strictTemplates, new HeadroomRules());
}
