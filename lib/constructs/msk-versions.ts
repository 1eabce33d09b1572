/** Kafka versions of MSK in KRaft mode, by Amazon MSK developer guide, supported versions (2026-11); ZooKeeper is history. */
export const standardVersions = ['3.7.x.kraft', '3.8.x.kraft', '3.9.x.kraft', '4.0.x.kraft', '4.1.x.kraft'] as const;

/** Express runs KRaft from 3.9 on; 4.2 is named by the newer of two digests. */
export const expressVersions = ['3.9.x.kraft', '4.2.x.kraft'] as const;

export const defaultVersions = { msk: '4.1.x.kraft', 'msk-express': '3.9.x.kraft' } as const;
