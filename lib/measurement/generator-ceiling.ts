/** What one process of the harness makes of a topic's records when nobody takes them. */
export interface GeneratorCeiling {
  /** Name in the plan. */
  readonly topic: string;
  readonly recordsPerSec: number;
  /** User and system time; null when nothing was made. */
  readonly cpuMicrosPerRecord: number | null;
}
