import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { walkCode } from '../../../bench/engine/generated/walk-code.ts';
import { packageRoot } from '../../../bench/package-root.ts';

it('the code that walks records is what its source is compiled to: otherwise run npm run generate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'headroom-walk-'));
  try {
    const compiled = join(folder, 'walk.wasm');
    const asc = join(packageRoot, 'node_modules', '.bin', 'asc');
    execFileSync(asc, ['--config', 'bench/engine/wasm/asconfig.json', '--outFile', compiled], { cwd: packageRoot });
    expect(walkCode).toBe(readFileSync(compiled, 'base64'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
