/**
 * The CDK entry: a use case file becomes a plan, the plan a stack. Run by the CDK CLI (`npx cdk synth`), which passes the
 * context of cdk.json and of its `-c` options; the only file of `bin` that loads aws-cdk-lib.
 */
import { App } from 'aws-cdk-lib/core';
import { planUseCase } from '../lib/plan/plan.ts';
import { MskStack } from '../lib/stacks/msk-stack.ts';
import { readUseCase } from './read-use-case.ts';
import { renderError } from './render-error.ts';

const defaultUseCase = 'examples/course-events.yaml';

function synthesise(): void {
  const app = new App();
  const { requirements } = readUseCase(contextText(app, 'useCase') ?? defaultUseCase);
  const { region } = requirements.cluster;
  const instanceType = contextText(app, 'instanceType');
  const volumeGiB = contextText(app, 'volumeGiB');
  const kafkaVersion = contextText(app, 'kafkaVersion');
  const zones = contextText(app, 'availabilityZones');
  const generation = contextText(app, 'generation');
  new MskStack(app, `headroom-${requirements.useCase}`, {
    plan: planUseCase(requirements),
    ...(instanceType === undefined ? {} : { instanceType }),
    ...(region === null ? {} : { env: { region } }),
    ...(volumeGiB === undefined ? {} : { volumeGiB: Number(volumeGiB) }),
    ...(kafkaVersion === undefined ? {} : { kafkaVersion }),
    ...(zones === undefined ? {} : { availabilityZones: zones.split(',') }),
    ...(generation === undefined ? {} : { generation: Number(generation) }),
  });
  app.synth();
}

/** A context value as text; undefined when it is not given. */
function contextText(app: App, name: string): string | undefined {
  const value: unknown = app.node.tryGetContext(name);
  return value === undefined || value === null ? undefined : String(value);
}

try {
  synthesise();
} catch (error) {
  const { text, exitCode } = renderError(error);
  process.stderr.write(text);
  process.exitCode = exitCode;
}
