/** runbooks/README.md: what there is, and what a page leaves open. */

import type { Severity } from '../metrics/types.ts';
import { alerts } from '../metrics.ts';
import { placeholders } from './placeholders.ts';
import { procedures } from './procedures.ts';

const groups: Readonly<Record<Severity, string>> = {
  page: 'Wake a person',
  ticket: 'Want a working day',
  failRun: 'Void a measurement',
  none: 'Tell that alerts arrive',
};

/** The page, without the note that it is generated. */
export function indexPage(): string {
  return [
    '# Runbooks',
    '',
    '`headroom runbook ID` prints a page with the names of your cluster in it. Without that, export the names below first.',
    '',
    ...(Object.keys(groups) as Severity[]).flatMap((severity) => [
      `## ${groups[severity]}`,
      '',
      ...alerts
        .filter((alert) => alert.severity === severity)
        .map(({ id, meaning }) => `- [${id}](${id}.md): ${meaning}`),
      '',
    ]),
    '## Procedures',
    '',
    ...procedures.map(({ id, title, purpose }) => `- [${title}](procedure-${id}.md): ${purpose}`),
    '',
    '## What a page needs',
    '',
    'Commands run on a Linux client machine with Kafka’s tools, `promtool`, and on MSK the AWS CLI with `AWS_REGION` set. A step',
    '"(on the broker)" runs in a shell there; its names (`kafka.service`, `/etc/kafka`) are those of our EC2 nodes. With IAM,',
    '`CLASSPATH` of Kafka’s tools must have `aws-msk-iam-auth`. Nothing here was tried on a live MSK cluster: the commands of AWS',
    'were held against its service model, those of Kafka against the tools’ own help and a local cluster.',
    '',
    '| name | what it is | such as |',
    '| --- | --- | --- |',
    ...Object.entries(placeholders).map(
      ([name, { meaning, example }]) => `| \`${name}\` | ${meaning} | \`${example}\` |`,
    ),
    '',
  ].join('\n');
}
