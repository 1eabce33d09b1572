/** `headroom dashboards export`: boards, rules and exporter configuration of a profile, as files. */
import { writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { makeFolders } from '../../bench/make-folders.ts';
import { dashboardFiles } from '../../dashboards/files.ts';
import { exitCodes, HeadroomError } from '../../lib/errors.ts';
import { profiles } from '../../lib/metrics/types.ts';
import { planUseCase } from '../../lib/plan/plan.ts';
import { type Command, type CommandContext, stringOption } from '../command.ts';
import { readUseCase } from '../read-use-case.ts';

export const command: Command = {
  name: 'dashboards',
  arguments: 'export',
  minArguments: 1,
  maxArguments: 1,
  summary: 'write the dashboards, alert rules and exporter configuration of a profile',
  options: {
    profile: { type: 'string', value: 'NAME', description: `where brokers are read: ${profiles.join(', ')}` },
    out: {
      type: 'string',
      value: 'DIR',
      description: 'where the files go; what is there by the same name is replaced',
    },
    'use-case': {
      type: 'string',
      value: 'FILE',
      description: 'adds plan.yaml: the figures to draw and to compare with',
    },
    cluster: {
      type: 'string',
      value: 'NAME',
      description: 'the label cluster of what is scraped; the name of the use case when left out',
    },
    runbooks: { type: 'string', value: 'URL', description: 'where the runbooks are served; left out, paths' },
  },
  notes: [
    'Import the JSON files into Grafana and choose a data source at the top of the board; give the YAML files to Prometheus',
    '(rule_files) and to the JMX exporter. Not tried in a real Grafana: every query was run on a real Prometheus.',
  ].join('\n'),
  examples: [
    'headroom dashboards export --profile ec2 --out monitoring',
    'headroom dashboards export --profile msk --out monitoring --use-case examples/course-events.yaml',
  ],
  async run(context) {
    const [verb] = context.positionals;
    if (verb !== 'export') throw usage(`expected export, got "${verb}"`);
    const profile = stringOption(context, 'profile');
    const out = stringOption(context, 'out');
    if (profile === undefined) throw usage(`--profile is missing: one of ${profiles.join(', ')}`);
    if (out === undefined) throw usage('--out is missing: the folder to write to');
    const runbookUrl = stringOption(context, 'runbooks');
    const files = dashboardFiles({
      profile,
      ...(runbookUrl === undefined ? {} : { runbookUrl }),
      ...planOf(context),
    });
    const folder = resolve(context.cwd, out);
    await writeFiles(folder, files);
    context.stdout(
      Object.keys(files)
        .map((name) => `${relative(context.cwd, join(folder, name))}\n`)
        .join(''),
    );
    return exitCodes.met;
  },
};

function planOf(context: CommandContext): Pick<Parameters<typeof dashboardFiles>[0], 'plan'> {
  const file = stringOption(context, 'use-case');
  const cluster = stringOption(context, 'cluster');
  if (file === undefined) {
    if (cluster !== undefined) throw usage('--cluster names the cluster of a plan: it needs --use-case');
    return {};
  }
  const { requirements } = readUseCase(file, context.cwd);
  return { plan: { plan: planUseCase(requirements), cluster: cluster ?? requirements.useCase } };
}

async function writeFiles(folder: string, files: Readonly<Record<string, string>>): Promise<void> {
  try {
    await makeFolders(folder);
    for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new HeadroomError('FILE_UNREADABLE', `--out ${folder} cannot be written: ${reason}`, {
      hint: 'name a folder that you may write to',
      cause,
    });
  }
}

function usage(what: string): HeadroomError {
  return new HeadroomError('USAGE', `dashboards: ${what}`, { hint: `for instance: ${command.examples[0]}` });
}
