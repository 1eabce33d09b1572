import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { writeCurve } from '../../bench/load/window-curve.ts';
import type { CommandContext } from '../../bin/command.ts';
import { loadCurve } from '../../bin/load-curve.ts';

const cwd = mkdtempSync(join(tmpdir(), 'headroom-curve-'));
afterAll(() => rmSync(cwd, { recursive: true }));

const curveOf = (curve?: string) => loadCurve({ options: { curve }, cwd } as unknown as CommandContext);

function file(text: string): string {
  writeFileSync(join(cwd, 'day.csv'), text);
  return 'day.csv';
}

function refusal(text: string): { code: string; message: string } {
  try {
    curveOf(text);
  } catch (error) {
    return error as { code: string; message: string };
  }
  throw new Error(`not refused: ${text}`);
}

const points = (...pairs: readonly (readonly [number, number])[]) => pairs.map(([at, rate]) => ({ at, rate }));

it('is none without the option', () => {
  expect(curveOf()).toBeUndefined();
});

it('is a ramp, or steps of equal length', () => {
  expect(curveOf('ramp:0:2.5')).toEqual({ name: 'ramp:0:2.5', points: points([0, 0], [1, 2.5]) });
  expect(curveOf('step:1:3:0')?.points).toEqual(points([0, 1], [1, 1], [1, 3], [2, 3], [2, 0], [3, 0]));
});

describe('a file', () => {
  it('is read line by line, and what a run wrote can be read again', () => {
    const day = points([1_764_000_000, 0], [1_764_003_600, 1500], [1_764_003_600, 20], [1_764_007_200, 20]);
    const text = '# replayed\nSeconds, Rate\r\n1764000000,0\n\n1764003600, 1500\n1764003600,20\n1764007200,20\n';
    expect(curveOf(file(text))).toEqual({ name: 'day.csv, 4 points', points: day });
    expect(curveOf(file(writeCurve({ name: 'day', points: day })))?.points).toEqual(day);
  });

  it('with faults is refused with all of them and their lines', () => {
    const lines = ['seconds,rate', '0,10', '60', '120,-1', '180,1e3', 'seconds,rate', '240,1,2', '30,5', '20,5'];
    expect(refusal(file(lines.join('\n')))).toMatchObject({
      code: 'USAGE',
      message: [
        '--curve: day.csv is no curve, 6 faults',
        '  day.csv:3: expected SECONDS,RATE, two plain numbers from 0 to 1e15, got "60"',
        '  day.csv:4: expected SECONDS,RATE, two plain numbers from 0 to 1e15, got "120,-1"',
        '  day.csv:5: expected SECONDS,RATE, two plain numbers from 0 to 1e15, got "180,1e3"',
        '  day.csv:6: expected SECONDS,RATE, two plain numbers from 0 to 1e15, got "seconds,rate"',
        '  day.csv:7: expected SECONDS,RATE, two plain numbers from 0 to 1e15, got "240,1,2"',
        '  day.csv:9: the time goes back from 30 to 20, expected 30 or more',
      ].join('\n'),
    });
    expect(refusal(file('x\n'.repeat(5_000))).message).toMatch(/5,000 faults\n(.*\n){20} {2}and 4,980 more$/);
  });

  it.each([
    ['', /0 points, expected two or more at different times/],
    ['5,1\n', /1 points, expected two or more/],
    ['5,1\n5,2\n', /2 points, expected two or more at different times/],
    ['0,9\n0,0\n5,0\n', /the rate is 0 all the time/],
    [`${'1,1\n'.repeat(100_001)}2,1\n`, /100,002 points, at most 100,000 are allowed/],
    [`0,1\n5,${'9'.repeat(400)}\n`, /day\.csv:2: expected SECONDS,RATE/],
  ])('of %.12j is none', (text, message) => {
    expect(refusal(file(text)).message).toMatch(message);
  });

  it('that is not there is named', () => {
    expect(refusal('night.csv')).toMatchObject({ code: 'FILE_UNREADABLE', message: 'night.csv does not exist' });
  });
});

it.each(['ramp:1', 'ramp:1:2:3', 'ramp:0:0', 'ramp:-1:2', 'ramp:a:b', 'ramp:', 'step:1', 'step:0:0', 'step:1:1e3'])(
  '%s is refused',
  (text) => {
    expect(refusal(text)).toMatchObject({ code: 'USAGE', message: expect.stringContaining(`got "${text}"`) });
  },
);
