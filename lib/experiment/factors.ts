/** Reads the factors of an experiment from their texts, `acks=0,1,all`. */
import { nearest } from '../nearest.ts';
import { readValue, variableSettings } from './settings.ts';
import type { Factor, SettingValue } from './types.ts';

/** All factors, or all faults of all texts, each naming the setting it is about. */
export function readFactors(texts: readonly string[]): {
  readonly factors: readonly Factor[];
  readonly faults: readonly string[];
} {
  const factors: Factor[] = [];
  const faults: string[] = [];
  for (const text of texts) {
    const [name = '', ...rest] = text.split('=');
    if (factors.some((factor) => factor.name === name)) faults.push(`${name} is given twice: list all its values once`);
    else factors.push(readFactor(name, rest.join('='), faults));
  }
  return { factors, faults };
}

function readFactor(name: string, list: string, faults: string[]): Factor {
  const setting = Object.hasOwn(variableSettings, name) ? variableSettings[name] : undefined;
  const values: SettingValue[] = [];
  if (setting === undefined) faults.push(unknownSetting(name));
  else if (list.trim() === '') faults.push(`${name} has no values: write ${name}=A,B`);
  else {
    for (const part of list.split(',').map((value) => value.trim())) {
      const read = readValue(setting, part);
      if (typeof read === 'string') faults.push(`${name}: ${read}`);
      else if (values.includes(read.value)) faults.push(`${name}: ${part} is listed twice`);
      else values.push(read.value);
    }
  }
  return { name, values };
}

function unknownSetting(name: string): string {
  const near = nearest(name, Object.keys(variableSettings));
  const hint = near === null ? `known are ${Object.keys(variableSettings).join(', ')}` : `did you mean ${near}?`;
  return `"${name}" is no setting that an experiment can vary; ${hint}`;
}
