/**
 * `npm run bench`: runs each benchmark of spec/bench in turn; `npm run bench -- WORD` the one of that name, else
 * those whose name holds the word.
 * A benchmark prints its figures and fails only where it cannot measure.
 */
import { spawnSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { REPO_ROOT } from './paths.mjs';

const [word = '', ...rest] = process.argv.slice(2);
const all = readdirSync(path.join(REPO_ROOT, 'spec', 'bench')).filter((name) => name.endsWith('.ts'));
const files = all.includes(`${word}.ts`) ? [`${word}.ts`] : all.filter((name) => name.includes(word)).toSorted();
if (files.length === 0) {
  process.stderr.write(`lobbykeep: no benchmark in spec/bench holds "${word}" in its name\n`);
  process.exitCode = 1;
}
for (const file of files) {
  process.stdout.write(`\n# ${file}\n`);
  const { status } = spawnSync(process.execPath, ['--import', 'tsx', path.join('spec', 'bench', file), ...rest], {
    cwd: REPO_ROOT,
    stdio: 'inherit',
  });
  if (status !== 0) process.exitCode = 1;
}
