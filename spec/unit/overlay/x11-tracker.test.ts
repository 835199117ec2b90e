/**
 * The tracker on X11, with a real X server, a real window manager and a real window of another process. Needs Xvfb,
 * openbox and xdotool, which the set-up of the tests brings.
 */
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import { openTracker, windowIdOf } from '../../../overlay/main/game-window/index.ts';
import type { ScreenRect, WindowEvent } from '../../../overlay/main/game-window/index.ts';
import { X11Tracker } from '../../../overlay/main/game-window/x11.ts';

const title = 'Tracked – Größe 1';
/** A program with one window: it takes a title, says the window's id, and lives until it is killed. */
const windowProgram = `
import x11 from 'x11';
x11.createClient((error, display) => {
  if (error) throw error;
  const X = display.client;
  const id = X.AllocID();
  X.CreateWindow(id, display.screen[0].root, 40, 50, 300, 200, 0, 0, 0, 0, {});
  X.InternAtom(false, '_NET_WM_NAME', (_e, name) => X.InternAtom(false, 'UTF8_STRING', (_e, utf8) => {
    X.InternAtom(false, '_NET_WM_PID', (_e, pid) => {
      X.ChangeProperty(0, id, name, utf8, 8, Buffer.from(process.argv[1]));
      const number = Buffer.alloc(4);
      number.writeUInt32LE(process.pid);
      X.ChangeProperty(0, id, pid, X.atoms.CARDINAL, 32, number);
      X.MapWindow(id);
      X.sync(() => console.log(id));
    });
  }));
});`;

const children: ChildProcess[] = [];
let display = '';
let environment: NodeJS.ProcessEnv = {};

/** Starts a program and returns its first line. */
async function start(command: string, args: readonly string[], stdio: 'stdout' | 'fd3'): Promise<string> {
  const child = spawn(command, args, { env: environment, stdio: ['ignore', 'pipe', 'ignore', 'pipe'] });
  children.push(child);
  const input = child.stdio[stdio === 'stdout' ? 1 : 3];
  assert.ok(input !== null && input !== undefined && 'read' in input);
  for await (const line of createInterface({ input })) return line;
  return assert.fail(`${command} said nothing`);
}

async function openWindow(): Promise<number> {
  return Number(await start(process.execPath, ['--input-type=module', '-e', windowProgram, title], 'stdout'));
}

function run(command: string, ...args: readonly string[]): void {
  execFileSync(command, args, { env: environment });
}

/** Where another program sees the window's content. */
function placeOf(id: number): ScreenRect {
  const told = execFileSync('xwininfo', ['-id', String(id)], { env: environment, encoding: 'utf8' });
  const take = (name: string): number => Number(new RegExp(`${name}:\\s+(-?\\d+)`).exec(told)?.[1]);
  const [x, y] = [take('Absolute upper-left X'), take('Absolute upper-left Y')];
  return { x, y, width: take('Width'), height: take('Height') };
}

/** Where it stands once it has not moved for a while. */
async function placeAtRest(id: number): Promise<ScreenRect> {
  let place = placeOf(id);
  let calmTimes = 0;
  while (calmTimes < 4) {
    await sleep(100);
    const next = placeOf(id);
    calmTimes = isDeepStrictEqual(next, place) ? calmTimes + 1 : 0;
    place = next;
  }
  return place;
}

async function open(): Promise<X11Tracker> {
  const opened = await X11Tracker.open(display, () => {});
  assert.ok(opened.ok, opened.ok ? '' : opened.error.message);
  return opened.value;
}

/** The events of one followed window, each awaited. */
function follow(
  tracker: X11Tracker,
  id: number,
): { next(fits: (event: WindowEvent) => boolean): Promise<WindowEvent> } {
  const events: WindowEvent[] = [];
  const waiting: (() => void)[] = [];
  tracker.follow(id, (event) => {
    events.push(event);
    for (const wake of waiting.splice(0)) wake();
  });
  return {
    async next(fits) {
      for (;;) {
        const at = events.findIndex(fits);
        const found = events[at];
        events.splice(0, at < 0 ? events.length : at + 1);
        if (found !== undefined) return found;
        await new Promise<void>((resolve) => waiting.push(resolve));
      }
    },
  };
}

before(async () => {
  display = `:${await start('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x768x24'], 'fd3')}`;
  environment = { ...process.env, DISPLAY: display };
  const tracker = await open();
  const managed = new Promise<void>((resolve) => tracker.onListChange(resolve));
  children.push(spawn('openbox', [], { env: environment, stdio: 'ignore' }));
  // The window manager writes its list of windows when it takes over.
  await managed;
  tracker.close();
});
after(async () => {
  for (const child of children.reverse()) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
});

test("a window of another process is listed with its title, its program and the capture source's number", async () => {
  const tracker = await open();
  const listed = new Promise<void>((resolve) => tracker.onListChange(resolve));
  const id = await openWindow();
  await listed;
  assert.deepEqual(await tracker.list(), [{ id, title, process: 'node' }]);
  assert.equal(windowIdOf(`window:${id}:0`), id);
  assert.equal(windowIdOf('screen:0:0'), null);
  tracker.close();
  children.pop()?.kill('SIGKILL');
});

test('it is followed through moves, minimising, coming back, and its end', async () => {
  const tracker = await open();
  const listed = new Promise<void>((resolve) => tracker.onListChange(resolve));
  const id = await openWindow();
  await listed;
  const events = follow(tracker, id);
  await events.next(({ kind }) => kind === 'bounds');
  run('xdotool', 'windowmove', String(id), '200', '120');
  run('xdotool', 'windowsize', String(id), '400', '260');
  const moved = await events.next(
    (event) =>
      event.kind === 'bounds' && event.bounds.width === 400 && event.bounds.height === 260 && event.bounds.x >= 200,
  );
  assert.ok(moved.kind === 'bounds' && moved.bounds.y >= 120 && moved.bounds.y < 160, JSON.stringify(moved));
  run('xdotool', 'windowminimize', String(id));
  await events.next(({ kind }) => kind === 'minimised');
  tracker.activate(id);
  const back = await events.next(({ kind }) => kind === 'back');
  assert.ok(back.kind === 'back' && back.bounds.width === 400 && back.bounds.height === 260, JSON.stringify(back));
  // The window manager slides it back; where it came to rest is told too.
  const rest = await placeAtRest(id);
  await events.next((event) => event.kind === 'bounds' && isDeepStrictEqual(event.bounds, rest));
  children.pop()?.kill('SIGKILL');
  await events.next(({ kind }) => kind === 'gone');
  tracker.close();
});

test('a window that is not there is gone at once', async () => {
  const tracker = await open();
  const events = follow(tracker, 0x3fffff);
  assert.deepEqual(await events.next(() => true), { kind: 'gone' });
  tracker.close();
});

test('without a compositor it says so; without an X server it says why it cannot follow', async () => {
  const world = { platform: 'linux', isAlive: () => true, onEnd: () => {} };
  const opened = await openTracker({ ...world, env: { DISPLAY: display } });
  assert.ok(opened.ok);
  assert.equal(opened.value.composited, false);
  opened.value.tracker.close();
  const wayland = await openTracker({ ...world, env: { WAYLAND_DISPLAY: 'wayland-0' } });
  assert.match(wayland.ok ? '' : wayland.error.message, /Wayland/);
  const dead = await openTracker({ ...world, env: { DISPLAY: ':987' } });
  assert.match(dead.ok ? '' : dead.error.message, /X server :987 does not answer/);
});

test('on Windows and macOS a package that was not compiled is a sentence, not a crash', async () => {
  // This machine has no native part of it: the real package says so itself.
  const opened = await openTracker({ platform: 'win32', env: {}, isAlive: () => true, onEnd: () => {} });
  assert.match(opened.ok ? '' : opened.error.message, /node-window-manager did not load/);
});
