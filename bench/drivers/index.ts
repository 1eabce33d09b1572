import { HeadroomError } from '../../lib/errors.ts';
import type { Driver } from './driver.ts';
import { engineDriver } from './engine.ts';
import { k6Driver } from './k6.ts';
import { kafkajsDriver } from './kafkajs.ts';
import { platformaticDriver } from './platformatic.ts';
import { rdkafkaDriver } from './rdkafka.ts';

/** What a load can be driven with as it is. */
export const drivers: readonly Driver[] = [engineDriver, platformaticDriver, kafkajsDriver];

/** With those that need more than the package brings: a compiled library, Go. */
export const allDrivers: readonly Driver[] = [...drivers, rdkafkaDriver, k6Driver];

/** Why this one: docs/decisions/0002-engine-is-the-default.md. */
export const defaultDriver: Driver = engineDriver;

/** Throws USAGE for a name that is not in the list. */
export function driverByName(name: string): Driver {
  const found = allDrivers.find((driver) => driver.name === name);
  if (found !== undefined) return found;
  const names = allDrivers.map((driver) => driver.name).join(', ');
  throw new HeadroomError('USAGE', `no driver is called "${name}", there are ${names}`, {
    hint: `use ${defaultDriver.name}`,
  });
}
