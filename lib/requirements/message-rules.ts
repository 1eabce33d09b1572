/**
 * Rules that join several keys of `message`: what fits into the size, and which fields may be private.
 */
import { eventTypeOfTopic, hasEnvelope, type LenientTopic } from './derived.ts';
import { envelopeFields, minimumEnvelopeBytes } from './envelope.ts';
import type { Path, Report } from './fault.ts';

export function checkMessage(topic: LenientTopic, report: Report): void {
  const { message } = topic;
  if (message === undefined) return;
  const fields = (message.private ?? []).map((field) => field ?? '');
  fields.forEach((field, index) => {
    const path = ['message', 'private', index];
    if (field === '') return;
    if (fields.indexOf(field) < index) report(path, 'each private field once', 'remove the second mention');
    if (field === message.key) {
      report(path, 'a field that is not the record key', 'a record key is visible to all; choose another key');
    }
    checkFieldName(field, path, hasEnvelope(message), report);
  });
  if (message.key !== undefined) checkFieldName(message.key, ['message', 'key'], hasEnvelope(message), report);
  checkSize(topic, fields, report);
}

function checkFieldName(field: string, path: Path, envelope: boolean, report: Report): void {
  if (!envelope || !envelopeFields.some((own) => own === field)) return;
  report(
    path,
    'a field that the envelope does not have itself',
    `choose a name other than ${envelopeFields.join(', ')}`,
  );
}

function checkSize(topic: LenientTopic, privateFields: readonly string[], report: Report): void {
  const { message } = topic;
  if (message?.size === undefined || !hasEnvelope(message)) return;
  const keyField = message.key ?? null;
  const minimum = minimumEnvelopeBytes({
    eventType: eventTypeOfTopic(topic),
    keyField,
    // Only once each: a field listed twice has been reported as such.
    privateFields: [...new Set(privateFields)].filter((field) => field !== '' && field !== keyField),
  });
  if (message.size >= minimum) return;
  const key = keyField === null ? '' : ' and its key of 8 bytes';
  report(
    ['message', 'size'],
    `at least ${minimum} B`,
    `the event envelope with its fields${key} must fit, raise the size`,
  );
}
