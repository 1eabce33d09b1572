/**
 * Every verb with its one-line summary. A verb's module is loaded only when it is called, so `--help` stays quick;
 * a test holds the summaries against the modules.
 */
import type { Command } from '../command.ts';

export interface CommandEntry {
  readonly summary: string;
  readonly load: () => Promise<{ readonly command: Command }>;
}

export const commands: Readonly<Record<string, CommandEntry>> = {
  init: { summary: 'write a commented use case to start from', load: () => import('./init.ts') },
  plan: {
    summary: 'plan topics, settings, storage and brokers for a use case',
    load: () => import('./plan.ts'),
  },
  lint: {
    summary: 'check a use case for faults and for promises it cannot keep',
    load: () => import('./lint.ts'),
  },
};
