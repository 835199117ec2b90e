/**
 * sharp inside Electron: in a utility process of the real Electron the app's bundles get the build that does not clash
 * with Electron's GLib, and it resizes and encodes as the native one of plain Node does.
 */
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import sharp from 'sharp';
import * as v from 'valibot';
import { findElectron } from '../../overlay/runtime/electron-path.mjs';
import { BUILD_FOLDER } from '../../overlay/runtime/paths.mjs';
import { isRoot } from '../../overlay/runtime/sandbox.mjs';
import { SHARP_BUNDLE } from '../../overlay/runtime/sharp-for-electron.mjs';
import { startVirtualDisplay } from '../../overlay/runtime/virtual-display.mjs';

const sizePx = { width: 200, height: 60 };

/** White, with a black box in it. */
function drawBox(): Buffer {
  const raw = Buffer.alloc(sizePx.width * sizePx.height * 3, 255);
  for (let y = 20; y < 40; y += 1) raw.fill(0, (y * sizePx.width + 50) * 3, (y * sizePx.width + 150) * 3);
  return raw;
}

const utilitySource = (bundle: string, folder: string): string => `
  import { readFileSync, writeFileSync } from 'node:fs';
  import sharp from ${JSON.stringify(pathToFileURL(bundle).href)};
  const raw = readFileSync(${JSON.stringify(join(folder, 'raw'))});
  const input = { raw: { width: ${sizePx.width}, height: ${sizePx.height}, channels: 3 } };
  const resized = await sharp(raw, input).resize(400, 120, { kernel: 'cubic' }).greyscale().raw().toBuffer();
  const png = await sharp(raw, input).png().toBuffer();
  const webp = await sharp(raw, input).webp({ lossless: true }).toBuffer();
  writeFileSync(${JSON.stringify(join(folder, 'resized'))}, resized);
  writeFileSync(${JSON.stringify(join(folder, 'png'))}, png);
  writeFileSync(${JSON.stringify(join(folder, 'webp'))}, webp);
  writeFileSync(${JSON.stringify(join(folder, 'versions'))}, JSON.stringify(sharp.versions));
  process.exit(0);
`;
const mainSource = (utility: string): string => `
  import { app, utilityProcess } from 'electron';
  app.whenReady().then(() => {
    utilityProcess.fork(${JSON.stringify(utility)}).on('exit', (code) => app.exit(code));
  });
`;

test('sharp works in a utility process of Electron, without a complaint of GLib', async () => {
  const electron = findElectron();
  assert.ok(electron !== null, 'there is no Electron');
  const folder = mkdtempSync(join(tmpdir(), 'lobbykeep-sharp-'));
  const display = await startVirtualDisplay({ widthPx: 640, heightPx: 480 });
  assert.ok(display.ok, 'there is no virtual display');
  try {
    const raw = drawBox();
    writeFileSync(join(folder, 'raw'), raw);
    const utility = join(folder, 'utility.mjs');
    writeFileSync(utility, utilitySource(join(BUILD_FOLDER, 'app', SHARP_BUNDLE), folder));
    writeFileSync(join(folder, 'main.mjs'), mainSource(utility));
    const child = spawn(electron.executable, [...(isRoot() ? ['--no-sandbox'] : []), join(folder, 'main.mjs')], {
      env: { ...process.env, DISPLAY: display.value.display, XDG_CONFIG_HOME: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (said += text));
    const [code] = await once(child, 'close');
    assert.equal(code, 0, said);
    assert.doesNotMatch(said, /GLib|SharpElectronLinux/);

    const versions = v.parse(
      v.record(v.string(), v.string()),
      JSON.parse(readFileSync(join(folder, 'versions'), 'utf8')),
    );
    assert.ok(versions['emscripten'] !== undefined, 'Expected the WebAssembly build but received the native one');
    assert.equal(versions['sharp'], sharp.versions.sharp);

    const input = { raw: { ...sizePx, channels: 3 } } as const;
    const expected = await sharp(raw, input).resize(400, 120, { kernel: 'cubic' }).greyscale().raw().toBuffer();
    const resized = readFileSync(join(folder, 'resized'));
    assert.equal(resized.length, expected.length);
    // Vector and scalar code may round one level apart.
    assert.ok(resized.every((level, at) => Math.abs(level - (expected[at] ?? -9)) <= 1));
    for (const format of ['png', 'webp']) {
      const decoded = await sharp(readFileSync(join(folder, format)))
        .removeAlpha()
        .raw()
        .toBuffer();
      assert.deepEqual(decoded, raw, format);
    }
  } finally {
    await display.value.stop();
    rmSync(folder, { recursive: true });
  }
});
