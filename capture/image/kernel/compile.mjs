/**
 * `npm run kernel`: compiles *.as.ts by AssemblyScript, which npm brings for the moment, and writes *-code.ts. Needed only
 * where one of them was changed.
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
  for (const name of ['ink', 'fusion', 'look']) {
    const source = `${name}.as.ts`;
    const out = path.join(scratch, `${name}.wasm`);
    const flags = ['--enable', 'simd', '-O3', '--runtime', 'stub', '--noAssert', '--outFile', out];
    const command = ['exec', '--yes', `--package=${COMPILER}`, '--', 'asc', path.join(here, source), ...flags];
    const { status } = spawnSync('npm', command, { stdio: 'inherit', shell: process.platform === 'win32' });
    if (status !== 0) process.exit(status ?? 1);
    const code = readFileSync(out).toString('base64');
    const text = [
      `/** Made of ${source} by \`npm run kernel\`: WebAssembly, in base64. */`,
      '// prettier-ignore',
      `export const ${name}Code = '${code}';`,
      '',
    ];
    writeFileSync(path.join(here, `${name}-code.ts`), text.join('\n'));
  }
} finally {
  rmSync(scratch, { recursive: true });
}
