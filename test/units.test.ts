import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { rational, toNumber } from '../lib/rational.ts';
import {
  counted,
  formatBytes,
  formatCount,
  formatDurationMs,
  formatPercent,
  formatRate,
  formatSignedPercent,
  type Parsed,
  parseDurationMs,
  parseGrowthPerMonth,
  parseRate,
  parseRatio,
  parseSize,
  parseUsdPerMonth,
  sizeUnits,
} from '../lib/units.ts';

function exact<T>(parsed: Parsed<T>): T {
  if (!parsed.ok) throw new Error(`${parsed.expected}: ${parsed.remedy}`);
  return parsed.value;
}

function remedyOf(parsed: Parsed<unknown>): string {
  return parsed.ok ? 'accepted' : parsed.remedy;
}

describe('sizes', () => {
  it.each([
    ['200 B', 200],
    ['200B', 200],
    ['1 KB', 1000],
    ['1 KiB', 1024],
    ['5 GB', 5e9],
    ['1.5 KB', 1500],
    ['0.5 KiB', 512],
    ['2 MiB', 2 * 1024 ** 2],
    ['9 PB', 9e15],
    ['7 PiB', 7 * 1024 ** 5],
    ['0 B', 0],
  ])('%s', (text, bytes) => {
    expect(exact(parseSize(text))).toBe(bytes);
  });

  it.each([
    ['7', /one of the units B, KB/],
    ['', /one of the units/],
    ['GB', /one of the units/],
    ['1GBB', /did you mean the unit GB/],
    ['1 gb', /did you mean the unit GB/],
    ['1 kib', /did you mean the unit KiB/],
    ['1,000 B', /thousands separators/],
    ['1_000 B', /thousands separators/],
    ["1'000 B", /thousands separators/],
    ['1 000 B', /thousands separators/],
    ['-1 B', /without a sign/],
    ['+1 B', /without a sign/],
    ['1e3 B', /one decimal point/],
    ['1. B', /one decimal point/],
    ['.5 KB', /one decimal point/],
    [' 5 B', /spaces around/],
    ['5 B\n', /spaces around/],
    ['1  B', /units/],
    ['٣ B', /units/],
    ['NaN B', /units/],
    ['1.5 B', /smaller unit/],
    ['0.0001 KB', /smaller unit/],
    ['10 PB', /absurd/],
    ['99999999999999999999999999 PB', /absurd/],
    ['1 constructor', /units/],
    ['1 __proto__', /units/],
  ])('refuses %j', (text, remedy) => {
    expect(remedyOf(parseSize(text))).toMatch(remedy);
  });
});

describe('durations', () => {
  it.each([
    ['50ms', 50],
    ['50 ms', 50],
    ['100us', 0.1],
    ['0.1ms', 0.1],
    ['90s', 90_000],
    ['30m', 1_800_000],
    ['30min', 1_800_000],
    ['1.5h', 5_400_000],
    ['5d', 432_000_000],
    ['2w', 1_209_600_000],
  ])('%s', (text, ms) => {
    expect(toNumber(exact(parseDurationMs(text)))).toBe(ms);
  });

  it.each([
    ['7', /one of the units us, ms, s, m, min, h, d, w/],
    ['7D', /did you mean the unit d/],
    ['-1', /without a sign/],
    ['1h30m', /units/],
    ['6 months', /units/],
    ['9223372036854775807ms', /absurd/],
  ])('refuses %s', (text, remedy) => {
    expect(remedyOf(parseDurationMs(text))).toMatch(remedy);
    expect(parseDurationMs(text)).toMatchObject({ expected: 'a duration such as 7d' });
  });
});

describe('rates', () => {
  it.each([
    ['200/s', { kind: 'records', perSec: rational(200) }],
    ['12000/min', { kind: 'records', perSec: rational(200) }],
    ['1/h', { kind: 'records', perSec: rational(1, 3600) }],
    ['0.5 / s', { kind: 'records', perSec: rational(1, 2) }],
    ['50 MB/s', { kind: 'bytes', bytesPerSec: rational(50_000_000) }],
    ['1 KiB/min', { kind: 'bytes', bytesPerSec: rational(1024, 60) }],
  ])('%s', (text, rate) => {
    expect(exact(parseRate(text))).toEqual(rate);
  });

  it.each([
    ['200', /counted over: \/s, \/min, \/h/],
    ['200/day', /counted over/],
    ['10,000/s', /thousands separators/],
    ['50 mb/s', /did you mean the unit MB/],
    ['/s', /units/],
    ['-5/s', /without a sign/],
    ['1e9/s', /one decimal point/],
    ['99999999999999999/s', /absurd/],
  ])('refuses %s', (text, remedy) => {
    expect(remedyOf(parseRate(text))).toMatch(remedy);
  });
});

describe('ratios, growth and cost', () => {
  it('are exact', () => {
    expect(exact(parseRatio('20%'))).toEqual(rational(1, 5));
    expect(exact(parseRatio('0.4'))).toEqual(rational(2, 5));
    expect(exact(parseRatio('0.1 %'))).toEqual(rational(1, 1000));
    expect(exact(parseGrowthPerMonth('5%/month'))).toEqual(rational(1, 20));
    expect(exact(parseUsdPerMonth('2000 USD/month'))).toEqual(rational(2000));
    expect(exact(parseUsdPerMonth('1999.99 USD/month'))).toEqual(rational(199_999, 100));
  });

  it.each([
    [parseRatio, '20 percent', /percentage/],
    [parseRatio, '1/3', /percentage/],
    [parseGrowthPerMonth, '5%', /\/month/],
    [parseGrowthPerMonth, '5%/year', /\/month/],
    [parseUsdPerMonth, '2000', /USD\/month/],
    [parseUsdPerMonth, '2,000 USD/month', /thousands separators/],
    [parseUsdPerMonth, '1.999 USD/month', /USD\/month/],
  ])('%o refuses %s', (parse, text, remedy) => {
    expect(remedyOf(parse(text))).toMatch(remedy);
  });
});

it('no text is read as a number that is not safe, and none crashes', () => {
  const units = fc.constantFrom(...Object.keys(sizeUnits), '', '/s', 'MB/s', 'd', '%', '%/month', 'USD/month');
  const texts = fc.oneof(
    fc.string(),
    fc.tuple(fc.stringMatching(/^[\d.,_ eE+-]{0,25}$/), units).map((parts) => parts.join('')),
  );
  fc.assert(
    fc.property(texts, (text) => {
      const size = parseSize(text);
      if (size.ok) expect(Number.isSafeInteger(size.value)).toBe(true);
      for (const parsed of [
        parseDurationMs(text),
        parseRatio(text),
        parseGrowthPerMonth(text),
        parseUsdPerMonth(text),
      ]) {
        if (parsed.ok) expect(toNumber(parsed.value)).toBeLessThanOrEqual(Number.MAX_SAFE_INTEGER);
      }
      parseRate(text);
    }),
  );
});

it('whole numbers of every unit of size are read exactly', () => {
  fc.assert(
    fc.property(fc.constantFrom(...Object.entries(sizeUnits)), fc.nat(1_000_000), ([unit, factor], count) => {
      const bytes = BigInt(count) * factor.numerator;
      const parsed = parseSize(`${count} ${unit}`);
      expect(parsed.ok ? BigInt(parsed.value) : 'absurd').toBe(
        bytes <= BigInt(Number.MAX_SAFE_INTEGER) ? bytes : 'absurd',
      );
    }),
  );
});

describe('formatters', () => {
  it.each([
    [34_560_000_000, '34.56 GB'],
    [200, '200 B'],
    [0, '0 B'],
    [999_999, '1 MB'],
    [999_994, '999.99 KB'],
    [61_200_000, '61.2 MB'],
    [-1500, '-1.5 KB'],
    [1.5e18, '1,500 PB'],
  ])('bytes %d', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });

  it.each([
    [3.1, '3.1 ms'],
    [0.1, '0.1 ms'],
    [0.0004, '0 ms'],
    [250, '250 ms'],
    [999.999, '1 s'],
    [90_000, '1.5 min'],
    [3_600_000, '1 h'],
    [432_000_000, '5 d'],
    [-5, '-5 ms'],
  ])('duration %d', (ms, text) => {
    expect(formatDurationMs(ms)).toBe(text);
  });

  it('counts, rates and percentages', () => {
    expect(formatCount(78_000)).toBe('78,000');
    expect(formatCount(0)).toBe('0');
    expect([0, 1, 2000].map((count) => counted(count, 'inversion'))).toEqual([
      '0 inversions',
      '1 inversion',
      '2,000 inversions',
    ]);
    expect(formatRate(1000)).toBe('1,000/s');
    expect(formatRate(0.25)).toBe('0.25/s');
    expect(formatPercent(0.011)).toBe('1.1 %');
    expect(formatPercent(1)).toBe('100 %');
    expect(formatSignedPercent(0.011)).toBe('+1.1 %');
    expect(formatSignedPercent(-0.03)).toBe('-3 %');
    expect(formatSignedPercent(0.00001)).toBe('0 %');
    expect(formatSignedPercent(-0.00001)).toBe('0 %');
  });
});

describe('leading zeros', () => {
  it.each([
    [parseSize, '0200 B'],
    [parseDurationMs, '05d'],
    [parseRate, '0200/s'],
    [parseRatio, '020%'],
    [parseGrowthPerMonth, '05%/month'],
    [parseUsdPerMonth, '02000 USD/month'],
  ])('are refused, because YAML reads some of them as octal: %# %s', (parse, text) => {
    expect(parse(text)).toMatchObject({ ok: false, remedy: 'write it without leading zeros' });
  });
});
