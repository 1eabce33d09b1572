/** Where a run looks for private values, and what it says about places it cannot see. */
import type { PrivacyMeasurement } from '../../lib/measurement/types.ts';
import type { Plan } from '../../lib/plan/types.ts';
import { rawCanary } from '../load/canary.ts';
import type { PrivacySearch } from './search.ts';

type Place = PrivacyMeasurement['places'][number];

/** Index files hold offsets and times only, and Kafka allocates 10 MiB for each in advance. */
function holdsNoText(fileName: string): boolean {
  return /\.(index|timeindex|txnindex)$/.test(fileName);
}

/** Only an envelope has fields that can be looked for; the others stay inconclusive. */
export function privateFieldsOf(plan: Pick<Plan, 'topics'>): PrivacyMeasurement['fields'] {
  return plan.topics
    .filter(({ load }) => load.envelope)
    .flatMap(({ name, load }) => load.privateFields.map((field) => ({ topic: name, field })));
}

/** The raw values of all private fields, as loads of these seeds make them. */
export function privateValuesOf(plan: Pick<Plan, 'topics'>, seeds: readonly number[]): readonly string[] {
  return privateFieldsOf(plan).flatMap(({ topic, field }) => seeds.map((seed) => rawCanary(seed, topic, field)));
}

/** Every record that was read; the brokers' logs and data where they can be seen; the results as far as written. */
export async function searchPlaces(
  search: PrivacySearch,
  folders: { readonly brokers: readonly string[] | null; readonly results: string },
): Promise<readonly Place[]> {
  const places: Place[] = [
    { place: 'topic', searched: search.records.searched, unit: 'records', found: search.records.found },
  ];
  if (folders.brokers !== null) {
    const logs = { searched: 0, found: 0 };
    for (const folder of folders.brokers) {
      const { searched, found } = await search.searchFolder(folder, holdsNoText);
      logs.searched += searched;
      logs.found += found;
    }
    places.push({ place: 'logs', unit: 'bytes', ...logs });
  }
  places.push({ place: 'results', unit: 'bytes', ...(await search.searchFolder(folders.results, () => false)) });
  return places;
}

/** The same measurement with the rendered report searched too. */
export function withReportSearched(
  privacy: PrivacyMeasurement,
  search: PrivacySearch,
  rendered: readonly string[],
): PrivacyMeasurement {
  const texts = rendered.map((text) => Buffer.from(text));
  const report: Place = {
    place: 'report',
    unit: 'bytes',
    searched: texts.reduce((sum, text) => sum + text.length, 0),
    found: texts.reduce((sum, text) => sum + search.countIn(text), 0),
  };
  return { ...privacy, places: [...privacy.places.filter(({ place }) => place !== 'report'), report] };
}
