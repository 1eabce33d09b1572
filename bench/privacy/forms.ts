/**
 * The ways in which a private value can show although nobody wrote it plainly: inside base64 at any alignment, or
 * escaped as JSON. Finding one of these forms is finding the value.
 */

/** Byte patterns to search for; none is shorter than the part of the value that its encoding determines. */
export function searchForms(value: string): readonly Buffer[] {
  const json = JSON.stringify(value).slice(1, -1);
  const texts = new Set([value, escapeAll(value)]);
  for (const escaped of [json, json.replaceAll('/', '\\/')]) texts.add(escaped).add(escapeBeyondAscii(escaped));
  for (const alignment of [0, 1, 2]) {
    const base64 = base64At(value, alignment);
    texts.add(base64);
    texts.add(base64.replaceAll('+', '-').replaceAll('/', '_'));
  }
  return [...texts].map((text) => Buffer.from(text, 'utf8'));
}

/**
 * What base64 of any text makes of `value` when it begins `alignment` bytes after a multiple of three:
 * without the characters that its neighbours have a share in.
 */
function base64At(value: string, alignment: number): string {
  const bytes = Buffer.concat([Buffer.alloc(alignment), Buffer.from(value, 'utf8')]);
  const firstOwn = Math.ceil((alignment * 8) / 6);
  const wholeCharacters = Math.floor((bytes.length * 8) / 6);
  return bytes.toString('base64').slice(firstOwn, wholeCharacters);
}

function escapeBeyondAscii(json: string): string {
  return json.replaceAll(/[\u0080-\uffff]/g, escapeUnit);
}

function escapeAll(value: string): string {
  return value.replaceAll(/[\s\S]/g, escapeUnit);
}

/** A surrogate pair is escaped as two units, as JSON does. */
function escapeUnit(unit: string): string {
  return `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
