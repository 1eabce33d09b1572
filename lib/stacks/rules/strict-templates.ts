/** The CDK's own template check, which only warns of a value outside its list (W3030): here that fails the synth too. */
import {
  CloudFormationValidatePlugin,
  type IPolicyValidationContext,
  type IPolicyValidationPlugin,
  type PolicyValidationPluginReport,
} from 'aws-cdk-lib/core';

const fatal = ['W3030'];

class StrictTemplates extends CloudFormationValidatePlugin {
  override validate(context: IPolicyValidationContext): PolicyValidationPluginReport {
    const report = super.validate(context);
    const violations = report.violations.map((violation) =>
      fatal.includes(violation.ruleName) ? { ...violation, severity: 'error' } : violation,
    );
    return { ...report, violations, success: violations.every(({ severity }) => severity !== 'error') };
  }
}

// The class declares members that may be undefined, which the interface forbids under exactOptionalPropertyTypes.
/** One engine for all apps of a process: building it takes most of a second. */
export const strictTemplates = new StrictTemplates() as IPolicyValidationPlugin;
