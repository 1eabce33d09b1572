import { HeadroomError } from '../../lib/errors.ts';

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
