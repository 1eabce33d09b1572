/**
 * What an experiment has finished, one line a repeat, on disk before the next one starts: a stopped experiment goes on
 * without repeating it. The first line says what is being run; a journal of something else is refused.
 */
import { createHash } from 'node:crypto';
import { appendFile, readFile } from 'node:fs/promises';
import { HeadroomError } from '../../lib/errors.ts';
import { effectiveSettings } from '../../lib/experiment/effective.ts';
import type { Repeat } from '../../lib/experiment/types.ts';
import type { LoadShape } from '../load/shape.ts';
import type { ExperimentSpec } from './types.ts';

export interface Journal {
  readonly finished: readonly Repeat[];
  add(repeat: Repeat): Promise<void>;
}

/** Begins a journal at `path`, or takes up the one that is there. Throws USAGE when that one is of another experiment. */
export async function openJournal(path: string, spec: ExperimentSpec): Promise<Journal> {
  const head = JSON.stringify(identityOf(spec));
  const lines = (await readIfThere(path)).split('\n').filter((line) => line !== '');
  const [first, ...rest] = lines;
  if (first === undefined) await appendFile(path, `${head}\n`, { flush: true });
  else if (first !== head) throw differs(path, first, head);
  const finished: Repeat[] = rest.flatMap((line) => parseRepeat(line));
  // The last line of a killed run may be half written: begin a new one.
  if (rest.length > finished.length) await appendFile(path, '\n', { flush: true });
  return {
    finished,
    add: async (repeat) => {
      await appendFile(path, `${JSON.stringify(repeat)}\n`, { flush: true });
      finished.push(repeat);
    },
  };
}

/** Everything that decides what a repeat measures; rounds may be added to a finished experiment. */
function identityOf({ plan, topic, cells, driver, lengths, seed, shape }: ExperimentSpec) {
  const { warmUpMs, measureMs } = lengths;
  const settings = cells.map((cell) => ({ id: cell.id, ...effectiveSettings(topic, driver.name, cell.settings) }));
  return { useCase: plan.useCase, topic: topic.name, warmUpMs, measureMs, seed, settings, shape: digestOf(shape) };
}

/** A sample file may be large. */
function digestOf(shape: LoadShape | undefined): string | undefined {
  if (shape === undefined) return undefined;
  const hash = createHash('sha256').update(JSON.stringify({ ...shape, samples: null }));
  for (const sample of shape.samples ?? []) hash.update(sample).update('\n');
  return hash.digest('hex');
}

async function readIfThere(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ENOENT') return '';
    throw new HeadroomError('FILE_UNREADABLE', `${path} cannot be read: ${String(error)}`, { cause: error });
  }
}

function parseRepeat(line: string): readonly Repeat[] {
  try {
    return [JSON.parse(line) as Repeat];
  } catch {
    return [];
  }
}

function differs(path: string, found: string, wanted: string): HeadroomError {
  const [before, now] = [found, wanted].map((head) => JSON.parse(head) as Record<string, unknown>);
  const what = Object.keys(now ?? {}).filter((key) => JSON.stringify(before?.[key]) !== JSON.stringify(now?.[key]));
  return new HeadroomError('USAGE', `${path} is of another experiment: its ${what.join(', ')} differ`, {
    hint: 'give the same file, --vary, --measure and --seed as then (experiment.json in that folder holds the command line), or leave --resume out',
  });
}
