/** The effect of every change between two sets of templates. */

import type { NamedTemplate } from '../references.ts';
import { dataBearing } from '../rules/data-rules.ts';
import { serverPropertiesOf, type TemplateResource, TemplateSet, textAt } from '../rules/rule.ts';
import { decodeSettings } from '../rules/topic-rules.ts';
import { type Judgement, judgeCluster } from './msk-updates.ts';
import { findReplacements, type Replacements } from './replaced.ts';
import { diffTemplates, type PropertyChange, type ResourcePair } from './template-diff.ts';
import { judgeTopic, type TopicChange } from './topic-updates.ts';
import type { Change } from './types.ts';

/** What CloudFormation changes of a volume; other changes fail. */
const volumeUpdates = ['AutoEnableIO', 'Iops', 'Size', 'Tags', 'Throughput', 'VolumeType'];
const heldData: readonly string[] = dataBearing;
const emptyOne = 'set once, when the resource is made: another one would be made, empty';

export function classify(before: readonly NamedTemplate[], after: readonly NamedTemplate[]): readonly Change[] {
  const diff = diffTemplates(new TemplateSet(before), new TemplateSet(after));
  const replacements = findReplacements(diff, before, after);
  return [
    ...diff.removed.map((resource) => ({
      ...whole(resource),
      effect: 'remove' as const,
      reason: afterRemoval(resource),
    })),
    ...diff.kept.flatMap((pair) => changesOf(pair, replacements)),
    ...diff.added.map((resource) => ({ ...whole(resource), effect: 'add' as const })),
  ];
}

function afterRemoval({ type, deletionPolicy }: TemplateResource): string {
  if (!heldData.includes(type)) return '';
  return deletionPolicy === 'Retain'
    ? 'it stays in the account with its data, and nothing looks after it: move its data first'
    : 'its data is deleted with it';
}

function changesOf(pair: ResourcePair, replacements: Replacements): readonly Change[] {
  const cause = replacements.causeOf(pair);
  const replaced =
    cause === null
      ? []
      : [{ ...whole(pair.after), effect: 'replace' as const, reason: `it names ${cause}, which is replaced` }];
  return [...replaced, ...pair.properties.flatMap((change) => judge(pair, change, replacements))];
}

function judge(pair: ResourcePair, change: PropertyChange, replacements: Replacements): readonly Change[] {
  const { type } = pair.after;
  const said = { ...whole(pair.after), path: change.path, before: shown(change.before), after: shown(change.after) };
  if (replacements.isCreateOnly(pair, change))
    return [{ ...said, effect: 'replace', reason: said.holdsData ? emptyOne : '' }];
  if (type === 'AWS::MSK::Topic') return topicChanges(said, change);
  if (type === 'AWS::MSK::Configuration' && change.path === 'ServerProperties') return brokerSettings(said, pair);
  return [{ ...said, ...judgement(pair, change) }];
}

function judgement({ after }: ResourcePair, change: PropertyChange): Judgement {
  const inPlace: Judgement = { effect: 'inPlace', group: null, reason: '' };
  switch (after.type) {
    case 'AWS::MSK::Cluster':
      return judgeCluster(change, after);
    case 'AWS::EC2::LaunchTemplate':
      return {
        effect: 'rolling',
        group: null,
        reason: 'its instance is replaced; nodes follow one by one, each when the cluster is healthy',
      };
    case 'AWS::EC2::Volume':
      return judgeVolume(change);
    default:
      return inPlace;
  }
}

function judgeVolume({ path, before, after }: PropertyChange): Judgement {
  const refused = (reason: string): Judgement => ({ effect: 'refused', group: null, reason });
  if (path === 'Size' && Number(after) < Number(before))
    return refused(`a volume never shrinks: raise storage.buffer in the use case until the plan keeps ${before} GiB`);
  if (!volumeUpdates.some((name) => path === name || path.startsWith(`${name}.`)))
    return refused('CloudFormation cannot change this of a volume: take a new one with -c volumeGenerations=');
  return {
    effect: 'inPlace',
    group: null,
    reason: path === 'Size' ? 'its file system grows when the node boots the next time' : '',
  };
}

/** Makes a new revision, which the cluster follows. */
function brokerSettings(said: Change, { before, after }: ResourcePair): readonly Change[] {
  const [old, new_] = [before, after].map(({ properties }) => Object.fromEntries(serverPropertiesOf(properties) ?? []));
  return settingsOf(old ?? {}, new_ ?? {}).map((one) => ({
    ...said,
    ...valuesOf(one),
    effect: 'rolling',
    group: 'configuration',
  }));
}

/** A topic's settings are one text in the template: here each is told by name. */
function topicChanges(said: Change, { path, before, after }: PropertyChange): readonly Change[] {
  if (path === 'PartitionCount')
    return [{ ...said, ...judgeTopic({ setting: 'partitions', before: said.before, after: said.after }) }];
  if (path !== 'Configs') return [said];
  const [old, new_] = [before, after].map((text) => decodeSettings(String(text ?? '')) ?? {});
  return settingsOf(old ?? {}, new_ ?? {}).map((one) => ({ ...said, ...valuesOf(one), ...judgeTopic(one) }));
}

type Settings = Readonly<Record<string, string>>;

function settingsOf(before: Settings, after: Settings): readonly TopicChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])]
    .toSorted()
    .map((setting) => ({ setting, before: before[setting] ?? null, after: after[setting] ?? null }))
    .filter((one) => one.before !== one.after);
}

function valuesOf({ setting, before, after }: TopicChange): Pick<Change, 'path' | 'before' | 'after'> {
  return { path: setting, before, after };
}

function whole(resource: TemplateResource): Change {
  const { templatePath, type } = resource;
  return {
    effect: 'inPlace',
    stack: templatePath,
    resource: nameOf(resource),
    type,
    path: '',
    before: null,
    after: null,
    group: null,
    holdsData: heldData.includes(type),
    reason: '',
  };
}

/** A topic is known by its name, all else by its logical id. */
function nameOf({ type, logicalId, properties }: TemplateResource): string {
  return (type === 'AWS::MSK::Topic' ? textAt(properties, 'TopicName') : null) ?? logicalId;
}

const shownLength = 48;

function shown(value: unknown): string | null {
  if (value === undefined) return null;
  const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
  const line = text.replaceAll(/\s+/g, ' ').trim();
  return line.length <= shownLength ? line : `${line.slice(0, shownLength - 3)}...`;
}
