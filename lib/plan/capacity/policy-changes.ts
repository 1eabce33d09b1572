/** The policy with some of its figures changed, as `comfortableBrokers=60,priceTolerance=20%,cpu=50%/80%` says. */
import { HeadroomError } from '../../errors.ts';
import { nearest } from '../../nearest.ts';
import { compare, one, toNumber } from '../../rational.ts';
import { parseRatio } from '../../units.ts';
import { type CapacityPolicy, type Ceiling, defaultPolicy } from './policy.ts';

const examples = 'for instance --policy comfortableBrokers=60,priceTolerance=20%,cpu=50%/80%';

/** Throws USAGE with every fault listed. */
export function changedPolicy(text: string): CapacityPolicy {
  const faults: string[] = [];
  let policy = defaultPolicy;
  for (const part of text.split(',').map((piece) => piece.trim())) {
    const [name = '', value = ''] = part.split(/=(.*)/s).map((piece) => piece.trim());
    const change = changeOf(name, value);
    if ('expected' in change) faults.push(`${part === '' ? 'nothing' : `"${part}"`}: expected ${change.expected}`);
    else policy = { ...policy, ...change };
  }
  if (faults.length > 0)
    throw new HeadroomError('USAGE', `--policy: ${faults.join('; ')}`, {
      hint: `${examples}; known: ${Object.keys(defaultPolicy).join(', ')}`,
    });
  return policy;
}

function changeOf(name: string, value: string): Partial<CapacityPolicy> | { readonly expected: string } {
  if (!Object.hasOwn(defaultPolicy, name)) {
    const meant = nearest(name, Object.keys(defaultPolicy));
    return { expected: meant === null ? 'the name of a figure and its value' : `did you mean ${meant}?` };
  }
  const known = defaultPolicy[name as keyof CapacityPolicy];
  if (typeof known === 'object') return ceilingOf(name, value);
  const isShare = known <= 1;
  const changed = isShare ? shareOf(value, name === 'priceTolerance') : countOf(value);
  if (changed === null)
    return { expected: isShare ? `a share such as ${name}=60%` : `a whole number such as ${name}=${known}` };
  return { [name]: changed };
}

/** `60%` for both stages, `60%/90%` for every broker in service and after the loss. */
function ceilingOf(name: string, value: string): Partial<CapacityPolicy> | { readonly expected: string } {
  const [normal = null, degraded = normal, ...rest] = value.split('/').map((part) => shareOf(part, false));
  if (normal === null || degraded === null || rest.length > 0 || degraded < normal)
    return { expected: `shares such as ${name}=60% or ${name}=60%/90%, after the loss no less than before it` };
  return { [name]: { normal, degraded, reason: 'as asked for' } satisfies Ceiling };
}

/** A fraction of at most 1; 0 only where it makes sense. */
function shareOf(text: string, mayBeZero: boolean): number | null {
  const parsed = parseRatio(text);
  if (!parsed.ok || compare(parsed.value, one) > 0) return null;
  const share = toNumber(parsed.value);
  return share > 0 || mayBeZero ? share : null;
}

function countOf(text: string): number | null {
  return /^[1-9]\d{0,5}$/.test(text) ? Number(text) : null;
}
