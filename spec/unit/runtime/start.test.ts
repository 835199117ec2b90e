/** The start's own words, the lines it prints, the state it leaves, and the picture of a virtual screen. */
import assert from 'node:assert/strict';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { findElectron } from '../../../overlay/runtime/electron-path.mjs';
import { complaintOf, npmCommand } from '../../../overlay/runtime/npm.mjs';
import { cacheFolder } from '../../../overlay/runtime/paths.mjs';
import { formatKeptLine, isChromiumNoise, splitLines } from '../../../overlay/runtime/printed-lines.mjs';
import { createProgress } from '../../../overlay/runtime/progress.mjs';
import { decodeWindowDump } from '../../../overlay/runtime/screen-picture.mjs';
import { parseStartOptions } from '../../../overlay/runtime/start-options.mjs';
import { readState, updateState } from '../../../overlay/runtime/state.mjs';
import { programExists } from '../../../overlay/runtime/system-libraries.mjs';
import { hasDisplay } from '../../../overlay/runtime/virtual-display.mjs';

test('the start keeps its own options and hands all others to the app', () => {
  const parsed = parseStartOptions(['--seconds', '30', '--hidden', '--data=/some/where', '--seed', '4']);
  assert.deepEqual(parsed, {
    ok: true,
    value: { seconds: 30, data: '/some/where', help: false, appArgs: ['--hidden', '--seed', '4'] },
  });
  assert.deepEqual(parseStartOptions([]), { ok: true, value: { seconds: null, data: null, help: false, appArgs: [] } });
});

test('a value that is missing or no number of seconds is told, with what was received', () => {
  for (const args of [
    ['--seconds'],
    ['--data'],
    ['--data='],
    ['--seconds', 'soon'],
    ['--seconds', '0'],
    ['--seconds=-3'],
  ]) {
    const parsed = parseStartOptions(args);
    assert.equal(parsed.ok, false, args.join(' '));
    if (!parsed.ok) assert.match(parsed.error.message, /^Expected .* but received /);
  }
});

test('a kept line is printed with time, channel and speaker', () => {
  const atMs = new Date(2026, 0, 2, 3, 4, 5).getTime();
  const kept = { atMs, channel: 'team', speaker: 'Anna', text: 'hello: you', line: '[Anna] hello: you' };
  assert.equal(formatKeptLine(JSON.stringify({ kept })), '03:04:05  team      Anna: hello: you');
  const system = { atMs, channel: 'system', speaker: null, text: 'A new lobby', line: 'A new lobby' };
  assert.equal(formatKeptLine(JSON.stringify({ kept: system })), '03:04:05  system    A new lobby');
});

test('what is not a kept line is left to be printed as it is', () => {
  for (const line of ['', 'hello', '{"kept":', '{"kept":null}', '{"other":1}'])
    assert.equal(formatKeptLine(line), null);
});

test('lines are put together again however the stream is cut', () => {
  const text = 'first\nsecond\r\n\nlast\n';
  for (let cut = 0; cut <= text.length; cut += 1) {
    const lines: string[] = [];
    const take = splitLines((line) => lines.push(line));
    take(text.slice(0, cut));
    take(text.slice(cut));
    assert.deepEqual(lines, ['first', 'second', '', 'last']);
  }
});

test("Chromium's own complaints are told from the app's", () => {
  assert.equal(isChromiumNoise('[11759:1124/030446.010609:ERROR:bus.cc(407)] Failed to connect to the bus'), true);
  assert.equal(isChromiumNoise('[1124/030408.639669:FATAL:electron_main_delegate.cc(287)] Running as root'), false);
  assert.equal(isChromiumNoise('Error: the journal could not be opened'), false);
});

test('the state file is read whatever is in it, and a change keeps the rest', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lobbykeep-state-'));
  const file = join(folder, 'deep', 'state.json');
  assert.equal(readState(file).windowModule, 'unknown');
  updateState(file, { windowModule: 'failed', windowModuleReason: 'no compiler' });
  updateState(file, { librariesFor: '/somewhere/electron' });
  assert.deepEqual(readState(file), {
    windowModule: 'failed',
    windowModuleReason: 'no compiler',
    windowModuleFor: '',
    librariesFor: '/somewhere/electron',
  });
  for (const content of ['', '{"windowModule":', '[]', 'null', '{"windowModule":7,"librariesFor":{}}']) {
    writeFileSync(file, content);
    assert.deepEqual(readState(file), {
      windowModule: 'unknown',
      windowModuleReason: '',
      windowModuleFor: '',
      librariesFor: '',
    });
  }
  rmSync(folder, { recursive: true });
});

test("the user's own Electron wins over all others, and the cache follows the platform's custom", () => {
  assert.deepEqual(findElectron({ LOBBYKEEP_ELECTRON: '/opt/electron' }), {
    executable: '/opt/electron',
    origin: 'override',
  });
  assert.equal(cacheFolder({ XDG_CACHE_HOME: '/var/caches' }, 'linux'), '/var/caches/lobbykeep');
  // The XDG specification: a relative path is to be ignored.
  assert.notEqual(cacheFolder({ XDG_CACHE_HOME: 'caches' }, 'linux'), 'caches/lobbykeep');
  assert.match(cacheFolder({}, 'darwin'), /Library\/Caches\/lobbykeep$/);
});

test('npm is started as the npm that runs already, else by the custom of the platform', () => {
  const running = { npm_execpath: '/usr/lib/node_modules/npm/bin/npm-cli.js' };
  assert.deepEqual(npmCommand(running, 'linux', '/usr/bin/node'), {
    command: '/usr/bin/node',
    before: ['/usr/lib/node_modules/npm/bin/npm-cli.js'],
    shell: false,
  });
  assert.deepEqual(npmCommand({ npm_execpath: '/usr/bin/yarn.js' }, 'linux', 'node'), {
    command: 'npm',
    before: [],
    shell: false,
  });
  assert.deepEqual(npmCommand({}, 'win32', 'node'), { command: 'npm.cmd', before: [], shell: true });
});

test("npm's complaint becomes a sentence, and an unknown one is passed on", () => {
  const cases: readonly [string, RegExp][] = [
    ['npm error code EAI_AGAIN\nnpm error syscall getaddrinfo', /^the npm registry cannot be reached \(EAI_AGAIN\)$/],
    ['npm error code ENOSPC\nnpm error errno -28', /^the disk is full \(ENOSPC\)$/],
    ['npm error code EINTEGRITY', /was not used \(EINTEGRITY\)$/],
    ['npm warn deprecated x\nnpm error something else\nnpm error A complete log of this run', /^something else$/],
    ['', /^npm ended with exit code 1$/],
  ];
  for (const [stderr, expected] of cases) assert.match(complaintOf({ exitCode: 1, stdout: '', stderr }), expected);
  assert.equal(complaintOf({ exitCode: 124, stdout: '', stderr: '' }), 'npm did not finish in time');
});

test('a display is looked for on Linux alone', () => {
  assert.equal(hasDisplay({}, 'linux'), false);
  assert.equal(hasDisplay({ DISPLAY: ':0' }, 'linux'), true);
  assert.equal(hasDisplay({ WAYLAND_DISPLAY: 'wayland-0' }, 'linux'), true);
  assert.equal(hasDisplay({ DISPLAY: '' }, 'linux'), false);
  assert.equal(hasDisplay({}, 'win32'), true);
});

test('a program is found on the path only where it can be run', () => {
  const folder = mkdtempSync(join(tmpdir(), 'lobbykeep-path-'));
  writeFileSync(join(folder, 'tool'), '#!/bin/sh\n');
  chmodSync(join(folder, 'tool'), 0o755);
  assert.equal(programExists('tool', `/nowhere:${folder}`), true);
  assert.equal(programExists('other', `/nowhere:${folder}`), false);
  assert.equal(programExists('tool', ''), false);
  rmSync(folder, { recursive: true });
});

test('a quiet set-up says what takes its time and what is wrong, and leaves out the rest', () => {
  const said: string[] = [];
  const progress = createProgress({ quiet: true, write: (text) => said.push(text), isTerminal: false });
  progress.note('built');
  progress.say('installing');
  progress.warn('a file is missing');
  assert.deepEqual(said, ['lobbykeep: installing\n', 'lobbykeep: a file is missing\n']);
});

test('how far a step is stands on one line of a terminal, and is told now and then elsewhere', () => {
  const terminal: string[] = [];
  const shown = createProgress({ quiet: false, write: (text) => terminal.push(text), isTerminal: true });
  shown.update('1 MB');
  shown.update('2 MB');
  shown.say('done');
  assert.equal(terminal.join(''), '\r\x1b[K  1 MB\r\x1b[K  2 MB\r\x1b[Klobbykeep: done\n');

  const pipe: string[] = [];
  let nowMs = 0;
  const logged = createProgress({
    quiet: false,
    write: (text) => pipe.push(text),
    isTerminal: false,
    nowMs: () => nowMs,
  });
  for (nowMs = 0; nowMs < 25_000; nowMs += 500) logged.update(`${nowMs} ms`);
  assert.deepEqual(pipe, ['  0 ms\n', '  10000 ms\n', '  20000 ms\n']);
});

/** A dump as Xvfb writes it: 25 header words, a window name, one colour, then rows of 0x00RRGGBB, little-endian. */
function makeDump(widthPx: number, heightPx: number, pixel: (x: number, y: number) => number): Buffer {
  const headerBytes = 104;
  const rowBytes = widthPx * 4 + 8;
  const dump = Buffer.alloc(headerBytes + 12 + rowBytes * heightPx, 0xee);
  const words = [
    headerBytes,
    7,
    2,
    24,
    widthPx,
    heightPx,
    0,
    0,
    32,
    0,
    32,
    32,
    rowBytes,
    4,
    0xff0000,
    0xff00,
    0xff,
    8,
    256,
    1,
  ];
  for (const [index, word] of words.entries()) dump.writeUInt32BE(word, index * 4);
  for (let y = 0; y < heightPx; y += 1) {
    for (let x = 0; x < widthPx; x += 1) dump.writeUInt32LE(pixel(x, y), headerBytes + 12 + y * rowBytes + x * 4);
  }
  return dump;
}

test('the picture of a virtual screen has the colours that were drawn, row by row', () => {
  const decoded = decodeWindowDump(makeDump(3, 2, (x, y) => (x << 16) | (y << 8) | 0x7f));
  assert.equal(decoded.ok, true);
  if (!decoded.ok) return;
  assert.equal(decoded.value.widthPx, 3);
  assert.deepEqual([...decoded.value.rgb], [0, 0, 127, 1, 0, 127, 2, 0, 127, 0, 1, 127, 1, 1, 127, 2, 1, 127]);
});

test('a dump cut at any byte, or of another kind, is refused', () => {
  const whole = makeDump(3, 2, () => 0);
  for (let length = 0; length < whole.length; length += 1) {
    assert.equal(decodeWindowDump(whole.subarray(0, length)).ok, false, `${length} bytes`);
  }
  const otherDepth = Buffer.from(whole);
  otherDepth.writeUInt32BE(16, 11 * 4);
  assert.equal(decodeWindowDump(otherDepth).ok, false);
});
