/** The files of the image and of the Kubernetes Job, as far as they can be held without a container engine. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CronJob } from 'kubernetes-models/batch/v1/CronJob';
import { ConfigMap } from 'kubernetes-models/v1/ConfigMap';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { packageRoot } from '../bench/package-root.ts';
import { command } from '../bin/commands/prove.ts';
import { parseUseCase } from '../lib/requirements/parse.ts';

const read = (name: string): string => readFileSync(join(packageRoot, 'container', name), 'utf8');

/** What the test looks at of a CronJob. */
interface Job {
  spec: {
    jobTemplate: {
      spec: {
        backoffLimit: unknown;
        activeDeadlineSeconds: number;
        template: { spec: { containers: { args: string[] }[] } };
      };
    };
  };
}

const documents = () => parseAllDocuments(read('job.yaml')).map((document) => document.toJS() as unknown);
const [configMap] = documents() as [{ data: Record<string, string> }];

describe('the Kubernetes Job', () => {
  it('is what the schemas of Kubernetes allow', () => {
    const [map, job] = documents() as [object, object];
    expect(() => new ConfigMap(map).validate()).not.toThrow();
    expect(() => new CronJob(job).validate()).not.toThrow();
  });

  it('is refused by them with a planted fault', () => {
    const [, job] = documents() as [object, Job];
    job.spec.jobTemplate.spec.backoffLimit = 'none';
    expect(() => new CronJob(job as object).validate()).toThrow(/backoffLimit/);
  });

  it('holds a use case that parses, and options that prove knows', () => {
    expect(parseUseCase(configMap.data['use-case.yaml'] ?? '', 'use-case.yaml').useCase).toBe('course-events');
    const [, job] = documents() as [object, Job];
    const [container] = job.spec.jobTemplate.spec.template.spec.containers;
    const options = container?.args
      .filter((argument) => argument.startsWith('--'))
      .map((argument) => argument.slice(2).split('=')[0]);
    expect(options).toContain('nightly');
    for (const option of options ?? []) expect(Object.keys(command.options)).toContain(option);
  });
});

describe('the image', () => {
  it('is made by the script that CI runs, and by nothing else', () => {
    const steps = read('Dockerfile')
      .split('\n')
      .filter((line) => line.startsWith('RUN '));
    expect(steps).toEqual(['RUN container/install.sh /opt/headroom', 'RUN mkdir /work && chown node:node /work']);
  });

  it('is of pinned Node.js, new enough, and does not run as root', () => {
    const from = [...read('Dockerfile').matchAll(/^FROM node:(\S+)/gm)].map(([, tag]) => tag);
    expect(new Set(from).size).toBe(1);
    expect(from[0]).toMatch(/^20\.(19|[2-9]\d)\.\d+-/);
    expect(read('Dockerfile')).toMatch(/^USER node$/m);
  });
});
