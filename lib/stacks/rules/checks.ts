/** The checks that every synth of ours runs: CloudFormation's schemas and our own rules, both failing it. */
import { type App, Validations } from 'aws-cdk-lib/core';
import { HeadroomRules } from './rule-pack.ts';
import { StrictTemplates } from './strict-templates.ts';

// One engine for all apps of a process: building it takes most of a second.
const templates = new StrictTemplates();

/** A synth of the app fails when a template breaks a rule, with what to change. */
export function addChecks(app: App): void {
  Validations.of(app).addPlugins(templates, new HeadroomRules());
}
