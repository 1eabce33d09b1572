/**
 * Kafka versions that MSK supports in KRaft mode on 2026-11-28, by Amazon MSK developer guide, supported versions; ZooKeeper is
 * history.
 */
export const standardVersions = ['3.8.x.kraft', '3.9.x.kraft', '4.0.x.kraft', '4.1.x.kraft'] as const;

/** Express runs KRaft from 3.9 on; 4.2 is named by the newer of two digests. */
export const expressVersions = ['3.9.x.kraft', '4.2.x.kraft'] as const;

export const defaultVersions = { msk: '4.1.x.kraft', 'msk-express': '3.9.x.kraft' } as const;

/** The day on which AWS ended the support. */
export const endedVersions: Readonly<Record<string, string>> = { '3.6.0': '2026-06-01', '3.7.x': '2026-09-01' };

/** What is wrong with the version beside not being offered; empty: nothing is known of it. */
export function endedText(version: string): string {
  const day = endedVersions[version.replace('.kraft', '')];
  return day === undefined ? '' : `, whose support on MSK ended on ${day}`;
}
