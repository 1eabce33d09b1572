/** Progress on stderr: one line that is rewritten, only on a terminal. */
import type { OnProgress, ProgressEvent } from '../bench/progress.ts';

const barWidth = 24;

export interface Progress {
  readonly onProgress: OnProgress;
  /** Wipes the line before other output. */
  clear(): void;
}

export function createProgress(stream: NodeJS.WriteStream): Progress {
  if (!stream.isTTY) return { onProgress: () => {}, clear: () => {} };
  let drawn = false;
  return {
    onProgress: (event) => {
      stream.write(`\r\u001b[K${renderProgress(event, stream.columns ?? 80)}`);
      drawn = true;
    },
    clear: () => {
      if (drawn) stream.write('\r\u001b[K');
      drawn = false;
    },
  };
}

/** One line no wider than `columns`. */
export function renderProgress(event: ProgressEvent, columns: number): string {
  const bar =
    event.fraction === null
      ? ''
      : ` ${renderBar(event.fraction)} ${String(Math.round(event.fraction * 100)).padStart(3)} %`;
  const detail = event.detail === '' ? '' : `  ${event.detail}`;
  return `${event.stage}${bar}${detail}`.slice(0, columns - 1);
}

function renderBar(fraction: number): string {
  const filled = Math.round(Math.min(1, Math.max(0, fraction)) * barWidth);
  return `[${'#'.repeat(filled)}${'.'.repeat(barWidth - filled)}]`;
}
