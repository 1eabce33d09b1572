/** `topics.<name>.private`: no raw value of a private field in any place that was searched. */
import type { PrivacyMeasurement } from '../measurement/types.ts';
import { formatBytes, formatCount } from '../units.ts';
import { type Answer, type Question, type Subject, undecided } from './question.ts';

type Place = PrivacyMeasurement['places'][number];

export function privacyQuestions(subject: Subject): readonly Question[] {
  return subject.requirements.topics
    .filter(({ message }) => message.private.length > 0)
    .map(({ name, message }) => ({
      id: `topics.${name}.private`,
      requirement: `private values exposed, ${name}`,
      required: 0,
      unit: 'occurrences',
      evidence: 'measured',
      target: subject.environment.target,
      answer: () => answer(subject, name, message.private),
    }));
}

function answer({ measurement, environment }: Subject, topic: string, fields: readonly string[]): Answer {
  const { privacy } = measurement;
  if (privacy === null) return undecided('private values were not searched for');
  const found = privacy.places.reduce((sum, place) => sum + place.found, 0);
  if (!Number.isFinite(found)) return undecided('a search for private values has no result');
  if (found > 0) {
    const where = privacy.places
      .filter((place) => place.found > 0)
      .map((place) => `${formatCount(place.found)} in the ${place.place}`);
    return { found, margin: null, outcome: 'notMet', reason: `raw private values: ${where.join(', ')}` };
  }
  const gaps = [
    ...fields
      .filter((field) => !privacy.fields.some((searched) => searched.topic === topic && searched.field === field))
      .map((field) => `${field} was not searched for`),
    ...placesNeeded(environment.target)
      .filter((needed) => !privacy.places.some(({ place, searched }) => place === needed && searched > 0))
      .map((place) => `nothing was searched in the ${place}`),
  ];
  if (gaps.length === 0) {
    return {
      found,
      margin: null,
      outcome: 'met',
      reason: `${fields.join(', ')}: none in ${privacy.places.map(describe).join(', ')}`,
    };
  }
  return { found, margin: null, outcome: 'inconclusive', reason: gaps.join('; ') };
}

/** The logs of brokers that are not ours cannot be seen from here; the run notes it. */
function placesNeeded(target: Subject['environment']['target']): readonly Place['place'][] {
  return target === 'local' ? ['topic', 'logs', 'results', 'report'] : ['topic', 'results', 'report'];
}

function describe({ place, searched, unit }: Place): string {
  return `${place} (${unit === 'bytes' ? formatBytes(searched) : `${formatCount(searched)} records`})`;
}
