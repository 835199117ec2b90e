/** The program itself, as a process: arguments in, exit code out, and a pipe that closes early. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { makeDataFolder } from './cli-world.ts';

const program = fileURLToPath(new URL('../../../overlay/cli/index.ts', import.meta.url));

test('a pipe that closes after one line ends the program with 0 and no word', async () => {
  const data = await makeDataFolder(20_000);
  try {
    const command = '"$0" --import tsx "$1" export --format jsonl --data "$2" | head -n 1; exit "${PIPESTATUS[0]}"';
    const { stdout, stderr } = await promisify(execFile)('bash', ['-c', command, process.execPath, program, data]);
    assert.match(stdout, /^\{"at":".*"line":"Bob: gg wp".*\}\n$/);
    assert.equal(stderr, '');
  } finally {
    await rm(data, { recursive: true, force: true });
  }
});

test('a wrong command ends the process with 2', async () => {
  const run = promisify(execFile)(process.execPath, ['--import', 'tsx', program, 'nonsense']);
  await assert.rejects(run, (error) => error instanceof Error && 'code' in error && error.code === 2);
});
