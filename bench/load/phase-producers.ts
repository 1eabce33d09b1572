/** What a phase asks of the producing side of a topic, whoever sends. */
import type { DriverProducer } from '../drivers/driver.ts';
import type { Arrivals } from './arrivals.ts';
import type { MeasuredWindow } from './measured-window.ts';

export interface PhaseProducers {
  /** When the last batch was handed to a driver. */
  readonly lastSendMs: number;
  /** Starts a schedule; ids go on where the last phase ended. */
  begin(startMs: number, ratePerSec: number, arrivals?: Arrivals): void;
  /** Measures the slots after `fromMs` up to `toMs`, of other arrivals from then on; the schedule ends with them. */
  measure(fromMs: number, toMs: number, arrivals?: Arrivals): MeasuredWindow;
  /** Hands over what is due and sends what is ready. Gives the time at which to look again. */
  tick(nowMs: number): number;
  /** Everything of the schedule was handed over and every send has settled. */
  readonly isSettled: boolean;
  /** The clients that write end marks. */
  readonly markWriters: readonly DriverProducer[];
  /** Gives up what has no outcome yet; the next schedule begins behind it. */
  giveUp(nowMs: number): void;
}
