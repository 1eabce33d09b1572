/** What a reader must know beside the lines: what only the model says, and what the run did differently from the plan. */

import type { TopicRequirement } from '../requirements/types.ts';
import { formatDurationMs } from '../units.ts';
import { measuredOf } from './catch-up.ts';
import { quietHostMs } from './host-noise.ts';
import type { Subject } from './question.ts';

export function notesOf(subject: Subject): readonly string[] {
  return [
    ...modelNotes(subject),
    ...subject.requirements.topics.flatMap((topic) => topicNotes(topic, measuredOf(subject, topic.name) !== undefined)),
    ...clientNotes(subject),
    ...hostNotes(subject),
  ];
}

function modelNotes({ plan, requirements, environment }: Subject): string[] {
  const { target, survive } = plan.cluster;
  const isModelled = environment.provisioned === undefined && (environment.target === 'local' || target !== 'existing');
  return [
    ...(isModelled ? [`capacity on ${target} comes from the model, not from this run`] : []),
    ...(survive === 'none'
      ? []
      : [`surviving the loss of a ${survive} is planned for; this run took none away on purpose`]),
    ...(plan.storage.provisionedBytesPerBroker === null &&
    requirements.topics.some(({ retention }) => retention.guaranteedMs !== null)
      ? ['guaranteed retention is not judged: the plan has chosen no disks yet']
      : []),
  ];
}

function topicNotes({ name, handover, consumers, guarantee }: TopicRequirement, isMeasured: boolean): string[] {
  return [
    ...(handover === 'kafka'
      ? []
      : [`the history of ${name} is handed over by ${handover}: only the Kafka part is proven`]),
    ...consumers.flatMap(({ service, catchUp }) =>
      catchUp === null || isMeasured
        ? []
        : [
            `${service} catching up on ${name} after ${formatDurationMs(catchUp.outageMs)} within ${formatDurationMs(catchUp.withinMs)} is planned for, not measured`,
          ],
    ),
    ...(consumers.length === 0 ? [`${name} has no consumer in the use case`] : []),
    ...(guarantee.loss === 'allowed' ? [`${name} may lose records, so losses are counted and not judged`] : []),
  ];
}

/** The library may keep less in flight than the plan allows; a reader who compares figures must know. */
function clientNotes({ measurement }: Subject): string[] {
  return measurement.settings
    .filter(({ subject, planned, found }) => subject === 'client' && planned !== null && planned !== found)
    .map(({ setting, planned, found }) => `the client ran with ${setting} ${found ?? 'unknown'}, planned ${planned}`);
}

function hostNotes({ environment }: Subject): string[] {
  const { hostNoiseP99Ms } = environment;
  if (!(hostNoiseP99Ms > quietHostMs)) return [];
  return [
    `the host itself was late by ${formatDurationMs(hostNoiseP99Ms)} (p99 of an idle 1 ms timer): small differences in time mean nothing`,
  ];
}
