/** For whoever wants to repeat the run: settings read back, where and with what it was made, remarks. */
import type { SettingReadBack } from '../../measurement/types.ts';
import { formatBytes, formatDurationMs, formatRate } from '../../units.ts';
import { dottedName, type Markup, markup, verbatim } from '../markup.ts';
import type { Run } from '../types.ts';
import { table } from './table.ts';

export function recordSections(run: Run): Markup {
  return markup`${settingsSection(run)}${environmentSection(run)}${notesSection(run)}`;
}

function settingsSection({ measurement }: Run): Markup {
  const { settings } = measurement;
  return markup`<section>
<h2>Settings read back</h2>
${
  settings.length === 0
    ? markup`<p>No setting was read back.</p>`
    : markup`<p class="lead">As the cluster and the client really had them, defaults included.</p>${table<SettingReadBack>(
        'Settings',
        [
          { name: 'setting', cell: ({ setting }) => dottedName(setting) },
          { name: 'of', cell: ({ subject }) => subject },
          { name: 'planned', kind: 'wrap', cell: ({ planned }) => planned ?? 'not set' },
          { name: 'found', kind: 'wrap', cell: ({ found }) => found ?? 'could not be read' },
          { name: 'compared', cell: comparedText },
        ],
        settings,
      )}`
}
</section>
`;
}

function comparedText({ planned, found }: SettingReadBack): string {
  if (planned === null) return '';
  return planned === found ? 'equal' : 'differs';
}

function environmentSection({ environment }: Run): Markup {
  const { host, brokers, versions, harness } = environment;
  const facts: readonly (readonly [string, string])[] = [
    ['run', environment.runId],
    ['started', environment.startedAt],
    ['target', `${environment.target}, cluster ${environment.clusterId}`],
    ['brokers', brokers.map(({ id, rack }) => `${id} (rack ${rack ?? 'none'})`).join(', ')],
    ['topic prefix', environment.topicPrefix],
    ['seed', String(environment.seed)],
    ['host', `${host.cpus} x ${host.cpuModel}, ${formatBytes(host.memoryBytes)} of memory, ${host.os}`],
    ...ceilingRow(environment),
    ['host noise', `${formatDurationMs(environment.hostNoiseP99Ms)} (p99 lateness of an idle 1 ms timer)`],
    ...Object.entries(versions).map(([name, version]) => [`version of ${name}`, version] as const),
    ...Object.entries(harness).map(([name, value]) => [name, String(value)] as const),
  ];
  return markup`<section>
<h2>How to repeat this run</h2>
<pre><code>${verbatim(environment.commandLine.map(shellWord).join(' '))}</code></pre>
<p class="lead">With <code>--seed ${environment.seed}</code> the same choices are made again.</p>
${table<readonly [string, string]>(
  'Environment',
  [
    { name: 'fact', cell: ([name]) => name },
    { name: 'value', kind: 'wrap', cell: ([, value]) => value },
  ],
  facts,
)}
</section>
`;
}

function ceilingRow({ generatorCeiling }: Run['environment']): readonly (readonly [string, string])[] {
  if (generatorCeiling === undefined) return [];
  const { recordsPerSec, cpuMicrosPerRecord, topic } = generatorCeiling;
  const cpu = cpuMicrosPerRecord === null ? '' : ` at ${cpuMicrosPerRecord.toFixed(1)} us of CPU each`;
  return [['generator ceiling', `${formatRate(recordsPerSec)} of ${topic} that nobody takes${cpu}`]];
}

/** Quoted where a shell would split it. */
function shellWord(word: string): string {
  return /^[\w./:=,@%+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

function notesSection({ measurement }: Run): Markup {
  if (measurement.notes.length === 0) return markup``;
  return markup`<section>
<h2>Notes of the run</h2>
<ul class="plain">${measurement.notes.map((note) => markup`<li>${note}</li>`)}</ul>
</section>
`;
}
