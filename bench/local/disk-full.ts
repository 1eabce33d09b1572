import { statfs } from 'node:fs/promises';
import { HeadroomError } from '../../lib/errors.ts';

/** A broker needs more than this to write its first log segment. */
const exhaustedBytes = 2 ** 20;

/** Whether an error of the file system, or a text that a program printed, says that a disk is full. */
export function isDiskFull(sign: unknown): boolean {
  if (typeof sign === 'string') return /No space left on device|Disk quota exceeded/i.test(sign);
  const code = (sign as NodeJS.ErrnoException | null)?.code;
  return code === 'ENOSPC' || code === 'EDQUOT';
}

export function diskFullError(place: string, cause?: unknown): HeadroomError {
  return new HeadroomError('DISK_FULL', `the disk that holds ${place} is full`, {
    hint: 'free some space (df -h shows the disks), or use a folder on another disk, then run the command again',
    ...(cause === undefined ? {} : { cause }),
  });
}

/** Whether the disk that holds a folder has next to nothing left; a full disk also swallows the log line that says so. */
export async function isDiskExhausted(folder: string): Promise<boolean> {
  const disk = await statfs(folder).catch(() => null);
  return disk !== null && disk.bavail * disk.bsize < exhaustedBytes;
}
