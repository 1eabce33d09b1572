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
    summary: 'plan topics, settings, storage, brokers and their cost for a use case',
    load: () => import('./plan.ts'),
  },
  lint: {
    summary: 'check a use case for faults and for promises it cannot keep',
    load: () => import('./lint.ts'),
  },
  prove: {
    summary: 'load a real cluster with a use case and judge every requirement',
    load: () => import('./prove.ts'),
  },
  bench: {
    summary: 'measure what settings do to the load of a use case, side by side on one cluster',
    load: () => import('./bench.ts'),
  },
  limit: {
    summary: 'find the highest rate that a cluster sustains under the objectives of a use case',
    load: () => import('./limit.ts'),
  },
  worker: {
    summary: 'drive a share of the load of a run that other workers take part in',
    load: () => import('./worker.ts'),
  },
  report: {
    summary: 'write the capacity report of a use case, or all reports of a finished run again',
    load: () => import('./report.ts'),
  },
  calibrate: {
    summary: "measure what this machine's brokers cost in CPU and disk, for plan and report to reckon with",
    load: () => import('./calibrate.ts'),
  },
  prices: {
    summary: "write the price table of a region from AWS's price list",
    load: () => import('./prices.ts'),
  },
  diff: {
    summary: 'say what a change of plans or templates does to a running cluster, and in which steps',
    load: () => import('./diff.ts'),
  },
  up: { summary: 'start a local Kafka cluster that stays until headroom down', load: () => import('./up.ts') },
  down: { summary: 'stop a local Kafka cluster; its data and logs stay', load: () => import('./down.ts') },
  status: {
    summary: 'show the local Kafka clusters and whether their brokers serve',
    load: () => import('./status.ts'),
  },
  faults: {
    summary: 'make alerts fire and clear on a local cluster, by real faults',
    load: () => import('./faults.ts'),
  },
  dashboards: {
    summary: 'write the dashboards, alert rules and exporter configuration of a profile',
    load: () => import('./dashboards.ts'),
  },
  runbook: {
    summary: 'print what to do about an alert, with the names of your cluster; without ID, list the pages',
    load: () => import('./runbook.ts'),
  },
  doctor: { summary: 'check what a local run needs and say how to mend it', load: () => import('./doctor.ts') },
};
