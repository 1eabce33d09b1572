import { expect, it } from 'vitest';
import { jarInLine, usefulLines } from '../../../bench/local/maven.ts';

it.each([
  [
    '[INFO] Downloaded from central: https://example.test/org/apache/kafka/kafka-raft-4.3.1.jar (1 MB at 9 MB/s)',
    'kafka-raft-4.3.1.jar',
  ],
  ['Downloaded: https://example.test/a/b-1.jar (1 kB)', 'b-1.jar'],
  ['[INFO] Downloading from central: https://example.test/a/b-1.jar', null],
  ['[INFO] Downloaded from central: https://example.test/a/b-1.pom (1 kB at 1 kB/s)', null],
])('the jar in %s is %s', (line, jar) => {
  expect(jarInLine(line)).toBe(jar);
});

it('shows the end of the output when Maven names no error', () => {
  expect(usefulLines(['[INFO] Scanning', '', 'Killed'])).toEqual(['[INFO] Scanning', 'Killed']);
});

it('shows a few error lines, not pages', () => {
  expect(usefulLines(Array.from({ length: 50 }, (_, index) => `[ERROR] fault ${index}`))).toHaveLength(6);
});
