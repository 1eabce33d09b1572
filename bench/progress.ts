/** How long work tells what it is doing; the command decides whether and how to draw it. */
export interface ProgressEvent {
  /** A few words: `fetching Kafka 4.3.1`. */
  readonly stage: string;
  /** What just happened; empty when there is nothing to add. */
  readonly detail: string;
  /** 0 to 1; null when it is not known. */
  readonly fraction: number | null;
}

export type OnProgress = (event: ProgressEvent) => void;
