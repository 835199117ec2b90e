/**
 * `npm run train -- [--smoke] [options of train.py]`: trains the line recogniser, see README.md. Looks for Python with
 * PyTorch and Pillow, brings the fonts, starts `train.py`. `--smoke` is a run of about a minute with the fonts at hand.
 * Ends with 3 where Python or a package of it is missing.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const NO_PYTHON = 3;
const repoRoot = path.join(import.meta.dirname, '..', '..', '..');
const options = process.argv.slice(2);
const isSmoke = options.includes('--smoke');
const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import torch, PIL, numpy'], { stdio: 'ignore' }).status === 0,
);
if (python === undefined) {
  process.stderr.write(
    'The training needs Python 3 with PyTorch, Pillow and NumPy. On Debian: apt-get install python3-torch python3-pil python3-numpy\n',
  );
  process.exit(NO_PYTHON);
}
const fonts = path.join(repoRoot, '.build', 'fonts');
if (!isSmoke) run(process.execPath, [path.join(import.meta.dirname, 'fonts.mjs'), fonts]);
const corpus = path.join(repoRoot, '..', 'shared', 'corpus');
/** @param {string} name @param {string} value */
const byDefault = (name, value) => (options.includes(name) ? [] : [name, value]);
run(python, [
  path.join(import.meta.dirname, 'train.py'),
  ...byDefault('--fonts', fonts),
  ...byDefault('--out', path.join(repoRoot, '.build', 'train')),
  ...(existsSync(corpus) ? byDefault('--corpus', corpus) : []),
  ...options,
]);

/**
 * @param {string} command
 * @param {readonly string[]} args
 */
function run(command, args) {
  const { status } = spawnSync(command, args, {
    stdio: 'inherit',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
  if (status !== 0) process.exit(status ?? 1);
}
