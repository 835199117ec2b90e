/**
 * `npm run kernel`: compiles ink.as.ts by AssemblyScript, which npm brings for the moment, and writes ink-code.ts. Needed
 * only where ink.as.ts was changed.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';

const COMPILER = 'assemblyscript@0.28.20';
const here = import.meta.dirname;
const scratch = mkdtempSync(path.join(tmpdir(), 'lobbykeep-kernel-'));
try {
  const out = path.join(scratch, 'ink.wasm');
  const flags = ['--enable', 'simd', '-O3', '--runtime', 'stub', '--noAssert', '--outFile', out];
  const command = ['exec', '--yes', `--package=${COMPILER}`, '--', 'asc', path.join(here, 'ink.as.ts'), ...flags];
  const { status } = spawnSync('npm', command, { stdio: 'inherit', shell: process.platform === 'win32' });
  if (status !== 0) process.exit(status ?? 1);
  const code = readFileSync(out).toString('base64');
  const text = [
    '/** Made of ink.as.ts by `npm run kernel`: WebAssembly, in base64. */',
    '// prettier-ignore',
    `export const inkCode = '${code}';`,
    '',
  ];
  writeFileSync(path.join(here, 'ink-code.ts'), text.join('\n'));
} finally {
  rmSync(scratch, { recursive: true });
}
