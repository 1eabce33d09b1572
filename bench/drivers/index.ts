import { HeadroomError } from '../../lib/errors.ts';
import { directDriver } from './direct.ts';
import type { Driver } from './driver.ts';
import { engineDriver } from './engine.ts';
import { kafkajsDriver } from './kafkajs.ts';
import { platformaticDriver } from './platformatic.ts';

/** Everything a load can be driven with; `engine` is to take the place of `direct` once it is as proven. */
export const drivers: readonly Driver[] = [directDriver, engineDriver, platformaticDriver, kafkajsDriver];

/** Why this one: docs/decisions/0001-default-driver.md. */
export const defaultDriver: Driver = directDriver;

/** Throws USAGE for a name that is not in the list. */
export function driverByName(name: string): Driver {
  const found = drivers.find((driver) => driver.name === name);
  if (found !== undefined) return found;
  const names = drivers.map((driver) => driver.name).join(', ');
  throw new HeadroomError('USAGE', `no driver is called "${name}", there are ${names}`, {
    hint: `use ${defaultDriver.name}`,
  });
}
