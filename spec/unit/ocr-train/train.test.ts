/** The training of the line recogniser runs: a minute of it, with the fonts that the machine has. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, test } from 'node:test';
import { startReadingEngine } from '../../../capture/index.ts';

const root = path.join(import.meta.dirname, '..', '..', '..');
const train = path.join(root, 'assets', 'ocr', 'train');
const out = mkdtempSync(path.join(tmpdir(), 'lobbykeep-train-'));
after(() => rmSync(out, { recursive: true, force: true }));

const python = ['python3', '/usr/bin/python3'].find(
  (one) => spawnSync(one, ['-c', 'import torch, PIL, numpy'], { stdio: 'ignore' }).status === 0,
);
const skip = python === undefined ? 'Python with PyTorch and Pillow is not installed' : false;

function runPython(args: readonly string[]): string {
  assert.ok(python !== undefined);
  return execFileSync(python, args, {
    cwd: train,
    encoding: 'utf8',
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1' },
  });
}

test('a seed draws the same strip in every process, and only what the charset has', { skip }, () => {
  const script = [
    'import hashlib, chat_text, render',
    'r = render.Renderer(render.find_fonts("."), scenes=4)',
    's = [r.strip(i) for i in range(60)]',
    'assert all(p.shape[0] == 32 and p.shape[2] == 3 for p, _ in s)',
    'assert set("".join(t for _, t in s)) <= set(chat_text.CHARSET)',
    'print(hashlib.sha256(b"".join(p.tobytes() + t.encode() for p, t in s)).hexdigest())',
  ].join('\n');
  const first = runPython(['-c', script]);
  assert.match(first, /^[0-9a-f]{64}\n$/);
  assert.equal(runPython(['-c', script]), first);
});

test(
  'a minute of training learns, leaves a checkpoint, and the checkpoint becomes a model that the reader loads',
  { skip },
  async () => {
    const run = spawnSync('node', [path.join(train, 'train.mjs'), '--smoke', '--out', out], { encoding: 'utf8' });
    assert.equal(run.status, 0, run.stderr);
    const reports = readFileSync(path.join(out, 'train.jsonl'), 'utf8').trim().split('\n');
    const losses = reports.map((line) => Number(JSON.parse(line).loss));
    const [first = Number.NaN] = losses;
    const last = losses.at(-1) ?? Number.NaN;
    assert.ok(losses.length >= 2 && last < first * 0.9, `Expected the loss to fall but received ${losses.join(', ')}`);
    runPython(['export.py', '--fonts', '.', '--checkpoint', path.join(out, 'checkpoint.pt'), '--out', out, '--smoke']);
    const loaded = await startReadingEngine({ choice: 'chat-line', modelFolder: out, languages: ['eng'] });
    assert.ok(loaded.ok, loaded.ok ? '' : loaded.error.message);
    await loaded.value.engine.close();
    const { size } = statSync(path.join(out, 'chat-line.onnx'));
    assert.ok(size > 1_000_000 && size < 4_194_304, `Expected a model of 1 to 4 MiB but received ${size} bytes`);
  },
);
