/** Text of an error, the same for every entry of `bin`. */
import { type ExitCode, exitCodes, HeadroomError } from '../lib/errors.ts';

/** What happened, then what to do; and the exit code. */
export function renderError(error: unknown): { text: string; exitCode: ExitCode } {
  if (error instanceof HeadroomError) {
    const hint = error.hint === null ? '' : `\n  ${error.hint.replaceAll('\n', '\n  ')}`;
    return { text: `headroom: ${error.message}${hint}\n`, exitCode: error.exitCode };
  }
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { text: `headroom: internal error, please report it\n${detail}\n`, exitCode: exitCodes.internal };
}
