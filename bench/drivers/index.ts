import { HeadroomError } from '../../lib/errors.ts';
import type { Driver } from './driver.ts';
import { kafkajsDriver } from './kafkajs.ts';
import { platformaticDriver } from './platformatic.ts';

/** Every client library a load can be driven with. */
export const drivers: readonly Driver[] = [platformaticDriver, kafkajsDriver];

export const driverNames: readonly string[] = drivers.map(({ name }) => name);

/** Why this one: docs/decisions/0001-default-driver.md. */
export const defaultDriver: string = platformaticDriver.name;

/** Throws USAGE for a name that is not in the list. */
export function findDriver(name: string): Driver {
  const found = drivers.find((driver) => driver.name === name);
  if (found !== undefined) return found;
  throw new HeadroomError('USAGE', `no driver is called "${name}", there are ${driverNames.join(', ')}`, {
    hint: `use ${defaultDriver}`,
  });
}
