/** `headroom runbook`: what to do about an alert, or how a piece of work is done, with the names of one cluster. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageRoot } from '../../bench/package-root.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { nearest } from '../../lib/nearest.ts';
import { pagePath, type Subject, subjects } from '../../lib/runbooks/generated.ts';
import { type PlaceholderName, placeholders } from '../../lib/runbooks/placeholders.ts';
import { renderPage } from '../../lib/runbooks/render.ts';
import type { Command } from '../command.ts';
import { type RunbookNames, runbookNames } from '../runbook-values.ts';

export const command: Command = {
  name: 'runbook',
  arguments: '[ID]',
  minArguments: 0,
  maxArguments: 1,
  summary: 'print what to do about an alert, with the names of your cluster; without ID, list the pages',
  options: {
    bootstrap: { type: 'string', value: 'HOST:PORT,...', description: 'brokers of the cluster' },
    'client-config': { type: 'string', value: 'FILE', description: 'Kafka client settings for TLS, SASL or AWS IAM' },
    'cluster-arn': {
      type: 'string',
      value: 'ARN',
      description: 'an MSK cluster; leaves out what needs a shell on brokers',
    },
    'use-case': { type: 'string', value: 'FILE', description: 'use case or plan.json: names of topic and group' },
    dir: { type: 'string', value: 'DIR', description: 'a local cluster; left out, the one that is up' },
    set: {
      type: 'string',
      value: 'NAME=VALUE',
      multiple: true,
      description: 'any other name, such as BROKER=2; may be given more than once',
    },
    json: { type: 'boolean', description: 'print page, names and open names as JSON' },
  },
  notes: [
    'ID is the name of an alert, or procedure-... Nothing is asked of a cluster and nothing is changed. What is not known',
    'stays a name such as "$TOPIC" and is listed at the end.',
  ].join('\n'),
  examples: [
    'headroom runbook',
    'headroom runbook KafkaUnderReplicated',
    'headroom runbook KafkaConsumerStalled --use-case examples/course-events.yaml --bootstrap broker-1:9092 --set PARTITION=3',
  ],
  async run(context) {
    const [id] = context.positionals;
    const asJson = context.options.json === true;
    if (id === undefined) {
      context.stdout(asJson ? listJson() : listText());
      return exitCodes.met;
    }
    const page = readRunbook(id);
    const known = await runbookNames(context);
    const { text, open } = renderPage(page, known.values, known.deployment);
    context.stdout(
      asJson
        ? `${JSON.stringify({ schemaVersion: 1, id, names: known.values, open, text }, null, 2)}\n`
        : `${text}${openText(open, known)}`,
    );
    return exitCodes.met;
  },
};

/** Throws USAGE with the nearest known id. */
function readRunbook(id: string): string {
  const wanted = [...subjects.keys()].find((each) => each.toLowerCase() === id.toLowerCase().replace(/\.md$/, ''));
  if (wanted !== undefined) return readFileSync(join(packageRoot, pagePath(wanted)), 'utf8');
  const meant = nearest(id, [...subjects.keys()]) ?? nearest(`procedure-${id}`, [...subjects.keys()]);
  throw new HeadroomError('USAGE', `no runbook "${id}"${meant === null ? '' : `, did you mean ${meant}?`}`, {
    hint: 'headroom runbook lists the pages',
  });
}

function listText(): string {
  const width = Math.max(...[...subjects.keys()].map((id) => id.length));
  return [...subjects].map(([id, subject]) => `${id.padEnd(width)}  ${kindOf(subject)}${aboutOf(subject)}\n`).join('');
}

function listJson(): string {
  const pages = [...subjects].map(([id, subject]) => ({ id, about: aboutOf(subject) }));
  return `${JSON.stringify({ schemaVersion: 1, pages }, null, 2)}\n`;
}

function kindOf(subject: Subject): string {
  return 'alert' in subject ? `${subject.alert.severity.padEnd(7)}  ` : `${'work'.padEnd(7)}  `;
}

function aboutOf(subject: Subject): string {
  return 'alert' in subject ? subject.alert.meaning : subject.procedure.purpose;
}

function openText(open: readonly PlaceholderName[], { candidates }: RunbookNames): string {
  if (open.length === 0) return '';
  const width = Math.max(...open.map((name) => name.length));
  const lines = open.map((name) => {
    const several = candidates[name];
    const which = several === undefined ? `such as ${placeholders[name].example}` : `one of ${several.join(', ')}`;
    return `  ${name.padEnd(width)}  ${placeholders[name].meaning}; ${which}`;
  });
  return ['', 'Open names, to be given with --set NAME=VALUE:', ...lines, ''].join('\n');
}
