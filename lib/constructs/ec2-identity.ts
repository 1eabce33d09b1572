/**
 * Ids of a self-managed cluster: functions of its name alone, so that every synth gives the same template, and a new
 * instance knows whether the volume it finds is its own.
 */
import { createHash } from 'node:crypto';

/**
 * A KRaft id: 16 bytes in URL-safe base64. Kafka keeps the all-zero id and the id of one for itself, and its tools take
 * an id that begins with a dash for an option; a hash that gives one of these is hashed again.
 */
export function kafkaId(...parts: readonly (string | number)[]): string {
  const bytes = createHash('sha256').update(parts.join('\n')).digest().subarray(0, 16);
  const id = bytes.toString('base64url');
  return id.startsWith('-') || id.startsWith('AAAAAAAAAAAAAAAAAAAA') ? kafkaId(...parts, 'again') : id;
}

export const clusterIdOf = (clusterName: string): string => kafkaId('cluster', clusterName);

/** Of the folder on the volume; a volume made anew is another voter, so its generation is part of it. */
export const directoryIdOf = (clusterName: string, nodeId: number, volumeGeneration: number): string =>
  kafkaId('directory', clusterName, nodeId, volumeGeneration);
