import { formatCount } from '../../units.ts';

/** `rate 1,000, replicas 3`: the numbers that went into a formula. */
export function inputsText(inputs: Readonly<Record<string, number | string>>): string {
  return Object.entries(inputs)
    .map(([name, value]) => `${name} ${typeof value === 'number' ? formatCount(value) : value}`)
    .join(', ');
}
