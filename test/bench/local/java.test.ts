import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { findJava, parseJavaVersion } from '../../../bench/local/java.ts';
import { fakeJdk, scratchDir, script } from './scratch.ts';

it.each([
  ['openjdk version "17.0.15" 2025-04-15', '17.0.15', 17],
  ['java version "21" 2023-09-19 LTS', '21', 21],
  ['java version "1.8.0_392"', '1.8.0_392', 8],
  ['openjdk version "25-ea" 2025-09-16', '25-ea', 25],
])('reads %s', (line, version, majorVersion) => {
  expect(parseJavaVersion(['Picked up JAVA_TOOL_OPTIONS: -Xmx1g', line])).toEqual({ version, majorVersion });
});

it('reads no version where there is none', () => {
  expect(parseJavaVersion(['command not found'])).toBeNull();
});

it('finds the java on PATH with the jcmd beside it', async () => {
  const jdk = scratchDir();
  fakeJdk(jdk);
  expect(await findJava({ PATH: join(jdk, 'bin') })).toEqual({
    path: join(jdk, 'bin', 'java'),
    jcmdPath: join(jdk, 'bin', 'jcmd'),
    version: '21.0.4',
    majorVersion: 21,
  });
});

it('prefers JAVA_HOME to PATH', async () => {
  const [home, other] = [scratchDir(), scratchDir()];
  fakeJdk(home, '17.0.1');
  fakeJdk(other);
  expect((await findJava({ JAVA_HOME: home, PATH: join(other, 'bin') })).version).toBe('17.0.1');
});

it('says what JAVA_HOME is when it holds no java', async () => {
  const home = scratchDir();
  await expect(findJava({ JAVA_HOME: home, PATH: '/usr/bin' })).rejects.toMatchObject({
    code: 'JAVA_MISSING',
    exitCode: 64,
    message: expect.stringContaining(`JAVA_HOME is "${home}"`),
  });
});

it('names the remedy when there is no java', async () => {
  await expect(findJava({ PATH: scratchDir() })).rejects.toMatchObject({
    code: 'JAVA_MISSING',
    exitCode: 64,
    hint: expect.stringContaining('apt-get install openjdk-17-jdk-headless'),
  });
});

it('refuses a Java that is too old, with its version', async () => {
  const jdk = scratchDir();
  fakeJdk(jdk, '11.0.2');
  await expect(findJava({ PATH: join(jdk, 'bin') })).rejects.toMatchObject({
    code: 'JAVA_MISSING',
    message: expect.stringMatching(/Java 11\.0\.2 .* too old.* 17 or newer/),
  });
});

it('refuses a java that does not work, with what it printed', async () => {
  const folder = scratchDir();
  script(join(folder, 'java'), 'echo "no Java runtime present" >&2; exit 2');
  await expect(findJava({ PATH: folder })).rejects.toMatchObject({
    code: 'JAVA_MISSING',
    message: expect.stringContaining('no Java runtime present'),
  });
});

it('refuses a runtime without the tools of a JDK', async () => {
  const jdk = scratchDir();
  fakeJdk(jdk);
  rmSync(join(jdk, 'bin', 'jcmd'));
  await expect(findJava({ PATH: join(jdk, 'bin') })).rejects.toMatchObject({
    code: 'JAVA_MISSING',
    message: expect.stringContaining('a JDK is needed'),
  });
});
