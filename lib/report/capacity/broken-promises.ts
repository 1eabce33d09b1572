/** Warnings that say: what is asked for cannot be kept, however large the cluster. The others are to be known. */
import type { Warning } from '../../requirements/types.ts';

const codes: ReadonlySet<string> = new Set([
  'SURVIVE_CONFLICT',
  'SURVIVE_WITHOUT_COPY',
  'SURVIVE_WITHOUT_BROKER',
  'LOSS_NEVER_SINGLE_REPLICA',
  'LOSS_NEVER_WEAK_ACKS',
  'LOSS_NEVER_MIN_INSYNC_ONE',
  'UNCLEAN_LEADER_ELECTION',
  'MIN_INSYNC_ABOVE_REPLICAS',
  'ORDER_WITHOUT_KEY',
  'OUTAGE_BEYOND_RETENTION',
  'RECORDS_EXPIRE_UNREAD',
  'RETRIES_NOT_IDEMPOTENT',
  'IDEMPOTENCE_REFUSED',
  'TARGET_ZONES',
]);

export function isBrokenPromise({ code }: Pick<Warning, 'code'>): boolean {
  return codes.has(code);
}
