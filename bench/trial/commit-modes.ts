/**
 * When a consumer commits. The seven in capitals are the listener acknowledgement modes of Spring for Apache Kafka, by its
 * reference (docs.spring.io/spring-kafka, "Committing Offsets"); a poll gives up to `pollRecords` records.
 */
export const commitModes = [
  'auto',
  'sync',
  'async',
  'before',
  'RECORD',
  'BATCH',
  'TIME',
  'COUNT',
  'COUNT_TIME',
  'MANUAL',
  'MANUAL_IMMEDIATE',
] as const;

export type CommitMode = (typeof commitModes)[number];

export const pollRecords = 25;
/** Of the library's own commits (enable.auto.commit). */
export const autoCommitMs = 500;
/** The listener container's ackTime and ackCount. */
export const ackTimeMs = 300;
export const ackCount = 40;
/** A listener with MANUAL modes acknowledges each so-manieth record. */
export const manualEvery = 10;

export const commitModeWords: Readonly<Record<CommitMode, string>> = {
  auto: `by the library, every ${autoCommitMs} ms`,
  sync: 'after each poll, waited for',
  async: 'after each poll, not waited for',
  before: 'before a poll is processed',
  RECORD: 'after each record',
  BATCH: 'after the records of a poll',
  TIME: `after a poll, when ${ackTimeMs} ms have passed`,
  COUNT: `after a poll, when ${ackCount} records have passed`,
  COUNT_TIME: 'after a poll, on either',
  MANUAL: `what the listener acknowledged, each ${manualEvery}th record, after the poll`,
  MANUAL_IMMEDIATE: `when the listener acknowledges, each ${manualEvery}th record, at once`,
};

/** Partition to the offset behind what may be committed. */
export type Positions = ReadonlyMap<number, number>;

/** Decides for one consumer what to commit and when; knows no clock and no network. */
export class CommitPolicy {
  readonly #mode: CommitMode;
  readonly #processed = new Map<number, number>();
  #acknowledged: Positions = new Map();
  #records = 0;
  #sinceCommit = 0;
  #lastMs: number;

  constructor(mode: CommitMode, nowMs: number) {
    this.#mode = mode;
    this.#lastMs = nowMs;
  }

  /** All that was processed: what a clean shutdown, or a listener of rebalances, commits. */
  get processed(): Positions {
    return new Map(this.#processed);
  }

  /** What to commit before the records of a poll are processed; null: nothing. */
  beforePoll(poll: readonly { readonly partition: number; readonly offset: number }[]): Positions | null {
    if (this.#mode !== 'before') return null;
    return new Map(poll.map(({ partition, offset }) => [partition, offset + 1]));
  }

  /** What to commit now that a record is processed. */
  afterRecord(partition: number, offset: number): Positions | null {
    this.#processed.set(partition, offset + 1);
    this.#records += 1;
    this.#sinceCommit += 1;
    const isAcknowledged = this.#records % manualEvery === 0;
    if (isAcknowledged) this.#acknowledged = this.processed;
    if (this.#mode === 'RECORD' || (this.#mode === 'MANUAL_IMMEDIATE' && isAcknowledged)) return this.processed;
    return null;
  }

  afterPoll(nowMs: number): Positions | null {
    if (this.#mode === 'sync' || this.#mode === 'async' || this.#mode === 'BATCH') return this.processed;
    if (this.#mode === 'MANUAL') return this.#acknowledged.size > 0 ? this.#acknowledged : null;
    const isTime = this.#mode !== 'COUNT' && nowMs - this.#lastMs >= ackTimeMs;
    const isCount = this.#mode !== 'TIME' && this.#sinceCommit >= ackCount;
    const isDue = ['TIME', 'COUNT', 'COUNT_TIME'].includes(this.#mode) && (isTime || isCount);
    if (!isDue) return null;
    this.#lastMs = nowMs;
    this.#sinceCommit = 0;
    return this.processed;
  }
}
