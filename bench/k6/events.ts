/** What the Kafka module tells of each record, a line each (kafka/events.go). */
import type { ProgramEvent } from '../drivers/program.ts';

/** Null for a line that is none. */
export function parseEvent(line: string): ProgramEvent | null {
  const match = /^([saf]) (\S+) ([0-9a-f]+) (?:(\d+) (-?\d+) )?(\d+)(?: (".*"))?$/.exec(line);
  if (match === null) return null;
  const [, kind, topic = '', digits = '', partition, offset, micros, reason] = match;
  const record = { topic, id: Number.parseInt(digits, 16), atMs: Number(micros) / 1_000 };
  if (kind === 's' && partition === undefined) return { ...record, kind: 'handedOver' };
  if (kind === 'f' && reason !== undefined) return { ...record, kind: 'failed', reason: textOf(reason) };
  if (kind !== 'a' || partition === undefined) return null;
  return {
    ...record,
    kind: 'acknowledged',
    partition: Number(partition),
    offset: offset === '-1' ? null : Number(offset),
  };
}

/** Go quotes nearly as JSON does; what differs stays as it is. */
function textOf(quoted: string): string {
  try {
    return String(JSON.parse(quoted));
  } catch {
    return quoted.slice(1, -1);
  }
}
