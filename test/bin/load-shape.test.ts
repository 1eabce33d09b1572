import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import type { CommandContext } from '../../bin/command.ts';
import { loadShape } from '../../bin/load-shape.ts';

const cwd = mkdtempSync(join(tmpdir(), 'headroom-shape-'));
writeFileSync(join(cwd, 'lines.txt'), 'one\r\n\ntwo\n');
writeFileSync(join(cwd, 'empty.txt'), '\n\n');
afterAll(() => rmSync(cwd, { recursive: true }));

const shapeOf = (options: CommandContext['options']) => loadShape({ options, cwd } as unknown as CommandContext);

it('is none without an option', () => {
  expect(shapeOf({})).toBeUndefined();
});

it.each([
  [{ arrivals: 'poisson' }, { arrivals: 'poisson' }],
  [{ keys: 'uniform' }, { keys: { kind: 'uniform' } }],
  [{ keys: 'none' }, { keys: { kind: 'none' } }],
  [{ keys: 'zipf:1.1' }, { keys: { kind: 'zipf', exponent: 1.1 } }],
  [
    { sizes: '100B:9, 1 KiB:1' },
    {
      sizes: [
        { bytes: 100, weight: 9 },
        { bytes: 1024, weight: 1 },
      ],
    },
  ],
  [{ keys: 'hot:50%:2' }, { keys: { kind: 'hot', share: 0.5, keys: 2 } }],
])('%j', (options, shape) => {
  expect(shapeOf(options)).toEqual(shape);
});

it('takes the lines of a sample that hold something', () => {
  const samples = shapeOf({ sample: 'lines.txt' })?.samples?.map((line) => new TextDecoder().decode(line));
  expect(samples).toEqual(['one', 'two']);
});

it.each([
  [{ arrivals: 'sometimes' }, 'USAGE', /--arrivals: expected constant or poisson, got "sometimes"/],
  [{ keys: 'zipf' }, 'USAGE', /--keys: expected uniform, roundRobin, none, zipf:EXPONENT .* got "zipf"/],
  [{ keys: 'zipf:0' }, 'USAGE', /got "zipf:0"/],
  [{ keys: 'zipf:x' }, 'USAGE', /got "zipf:x"/],
  [{ keys: 'hot:120%:1' }, 'USAGE', /got "hot:120%:1"/],
  [{ keys: 'hot:10%:0' }, 'USAGE', /got "hot:10%:0"/],
  [{ keys: 'uniform:3' }, 'USAGE', /got "uniform:3"/],
  [{ sizes: '100B' }, 'USAGE', /--sizes: expected sizes with a weight above 0, SIZE:WEIGHT,..., got "100B"/],
  [{ sizes: '100B:0' }, 'USAGE', /got "100B:0"/],
  [{ sizes: '100:1' }, 'USAGE', /got "100:1"/],
  [{ sizes: '100B:1:2' }, 'USAGE', /got "100B:1:2"/],
  [{ sizes: '100B:1,' }, 'USAGE', /got "100B:1,"/],
  [{ sample: 'none.txt' }, 'FILE_UNREADABLE', /none.txt cannot be read \(ENOENT\)/],
  [{ sample: 'empty.txt' }, 'FILE_UNREADABLE', /empty.txt holds no line/],
])('%j is refused', (options, code, message) => {
  expect(() => shapeOf(options)).toThrow(expect.objectContaining({ code, message: expect.stringMatching(message) }));
});
