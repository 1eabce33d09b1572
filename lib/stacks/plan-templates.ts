/** The templates of a plan, made in this process as `cdk synth` makes them, to be compared and not deployed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib/core';
import type { Plan } from '../plan/types.ts';
import { addKafkaStacks } from './kafka-stacks.ts';
import type { NamedTemplate } from './references.ts';

const sha512 = '0'.repeat(128);
/** Image and software that a plan for EC2 does not name; the same for every plan, so that they are no change. */
const anySoftware = {
  imageId: 'ami-00000000000000000',
  artifacts: {
    bucketName: 'compared-only',
    kafka: { key: 'kafka.tgz', sha512 },
    jmxExporter: { key: 'jmx-exporter.jar', sha512 },
    nodeExporter: { key: 'node-exporter.tar.gz', sha512 },
  },
} as const;

/** Throws USAGE when the plan cannot become stacks. With the text of its use case, the nightly bench is among them. */
export function templatesOf(plan: Plan, useCaseText?: string): readonly NamedTemplate[] {
  const outdir = mkdtempSync(join(tmpdir(), 'headroom-synth-'));
  try {
    const app = new App({
      outdir,
      analyticsReporting: false,
      treeMetadata: false,
      builtinCloudFormationValidation: false,
    });
    addKafkaStacks(app, {
      plan,
      ...(plan.cluster.target === 'ec2' ? { ec2: anySoftware } : {}),
      ...(useCaseText === undefined ? {} : { bench: { useCaseText, image: 'headroom:compared-only' } }),
    });
    return app.synth().stacks.map(({ stackName, template }) => ({ templatePath: stackName, template }));
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}
