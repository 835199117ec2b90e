/**
 * What the screen holds and says: HUD lines, panels, chips, advice, colours.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { AppState, CapturePreview } from '../../../overlay/ipc/index.ts';
import { adviseCapture } from '../../../overlay/ui/capture/advice.ts';
import { hudCapacity } from '../../../overlay/ui/hud/hud-lines.ts';
import { chipCapacity, readerChip, statusChips } from '../../../overlay/ui/hud/status-chips.ts';
import { itemAfterKey, wrapTab } from '../../../overlay/ui/panel/key-targets.ts';
import { clampOffset } from '../../../overlay/ui/panel/placement.ts';
import { channelColour, channelColours, otherColours } from '../../../overlay/ui/screen/channel-look.ts';
import { durationText } from '../../../overlay/ui/screen/clock-text.ts';
import { emptyScreen, reduceScreen } from '../../../overlay/ui/screen/model.ts';
import type { ScreenAction, ScreenModel } from '../../../overlay/ui/screen/model.ts';
import { languageChoices, withLanguage } from '../../../overlay/ui/settings/languages.ts';
import { defaultsFor } from '../../../overlay/ui/settings/settings-defaults.ts';
import { appState, entryId, logLine } from './lines.ts';

const running = appState();

function state(part: Partial<AppState>): ScreenAction {
  return { kind: 'event', event: { name: 'app.state', state: { ...running, ...part } } };
}

function after(...actions: readonly ScreenAction[]): ScreenModel {
  return actions.reduce(reduceScreen, emptyScreen);
}

function kept(number: number): ScreenAction {
  return { kind: 'event', event: { name: 'line.kept', line: logLine(number) } };
}

test('the HUD holds the newest kept lines and no more than its capacity', () => {
  const numbers = Array.from({ length: hudCapacity + 5 }, (_, index) => index + 1);
  const model = after(...numbers.map(kept));
  assert.deepEqual(
    model.hud.map((line) => Number(line.id)),
    numbers.slice(-hudCapacity),
  );
});

test('what a peer read is not on the HUD; a line that both read is', () => {
  const origin = { peer: 'a'.repeat(64), feed: '0'.repeat(32), number: 1 };
  const theirs = { kind: 'event', event: { name: 'line.kept', line: logLine(2, { origin }) } } as const;
  const model = after(kept(1), theirs, kept(3));
  assert.deepEqual(
    model.hud.map((line) => Number(line.id)),
    [1, 3],
  );
});

test('a better reading changes a HUD line in its place; one that has faded does not come back', () => {
  const revised: ScreenAction = {
    kind: 'event',
    event: { name: 'line.revised', line: logLine(1, { text: 'better' }) },
  };
  const model = after(kept(1), kept(2), revised);
  assert.deepEqual(
    model.hud.map((line) => line.text),
    ['better', 'line 2'],
  );
  const faded = after(kept(1), kept(2), { kind: 'hud-faded', id: entryId(1) }, revised);
  assert.deepEqual(
    faded.hud.map((line) => line.text),
    ['line 2'],
  );
});

test('a deleted line leaves the HUD', () => {
  const model = after(kept(1), { kind: 'event', event: { name: 'line.deleted', id: entryId(1) } });
  assert.deepEqual(model.hud, []);
});

test('main opens the panel that it asks for, and the user goes on from there', () => {
  const opened = after(state({}), state({ interactive: true, panel: 'settings' }));
  assert.equal(opened.panel, 'settings');
  const moved = reduceScreen(opened, { kind: 'panel', panel: 'history' });
  assert.equal(reduceScreen(moved, state({ interactive: true, panel: 'settings', notices: ['x'] })).panel, 'history');
  assert.equal(reduceScreen(moved, state({ interactive: true, panel: 'capture' })).panel, 'capture');
});

test('opened without a wish, the panel is the next step while no region is drawn', () => {
  assert.equal(after(state({}), state({ interactive: true, regions: [] })).panel, 'capture');
  assert.equal(after(state({}), state({ interactive: true })).panel, 'history');
});

test('a reader that reads has no chip; every other state has one', () => {
  assert.deepEqual(statusChips(running, false), []);
  assert.equal(readerChip({ kind: 'no-text', quietMs: 185_000 })?.text, 'No chat seen for 3 min');
  for (const kind of ['starting', 'black', 'no-frames'] as const) assert.notEqual(readerChip({ kind }), null);
});

test('the gravest chip comes first and the rest is counted', () => {
  const chips = statusChips(
    {
      ...running,
      capture: { kind: 'paused' },
      logProblem: 'The disk is full.',
      shortcutConflicts: ['CommandOrControl+Shift+L'],
      notices: ['one', 'two', 'three'],
    },
    false,
  );
  assert.equal(chips.length, chipCapacity);
  assert.equal(chips[0]?.text, 'Log cannot be written: The disk is full.');
  assert.equal(chips[1]?.text, 'Another program holds Ctrl+Shift+L');
  assert.equal(chips.at(-1)?.text, 'and 3 more, see Settings');
});

const preview: CapturePreview = { picture: 'data:,', widthPx: 1280, heightPx: 720, regions: [] };
const font = { letters: 0, matched: 0, asked: 0, glyphs: [] };
const stats = { frames: 20, unchanged: 0, waiting: 0, reads: 0, lines: 0, revisions: 0 };

test('all is well: no advice; without a window: one', () => {
  assert.deepEqual(adviseCapture(running, preview), []);
  assert.equal(adviseCapture({ ...running, source: null, capture: { kind: 'idle' } }, null).length, 1);
});

test('a region that is too small, empty, or read too slowly is named', () => {
  const small = adviseCapture({ ...running, regions: [{ x: 0, y: 0, w: 0.01, h: 0.01 }] }, preview);
  assert.match(small[0]?.text ?? '', /too small to hold a line \(13 × 7 px\)/);
  const sight = { mask: 'data:,', widthPx: 500, heightPx: 200, strips: [], stats, font };
  assert.match(adviseCapture(running, { ...preview, regions: [sight] })[0]?.text ?? '', /shows no text so far/);
  const slow = { ...sight, stats: { ...stats, lines: 5, waiting: 30 } };
  assert.match(adviseCapture(running, { ...preview, regions: [slow] })[0]?.text ?? '', /does not keep up/);
});

/** Relative luminance of `#rrggbb` by WCAG 2.2. */
function luminance(colour: readonly number[]): number {
  const [r, g, b] = colour.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
}

function rgb(colour: string): readonly number[] {
  return [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
}

test('every channel colour keeps 4.5:1 on the HUD over white and over black', () => {
  // --ink-0 of styles/base.css at the opacity of the default settings.
  const ink = [11, 14, 19];
  const opacity = 0.85;
  for (const scene of [0, 255]) {
    const ground = luminance(ink.map((value) => value * opacity + scene * (1 - opacity)));
    for (const colour of [...Object.values(channelColours), ...otherColours]) {
      const contrast = (luminance(rgb(colour)) + 0.05) / (ground + 0.05);
      assert.ok(contrast >= 4.5, `${colour} over ${scene}: ${contrast.toFixed(2)}`);
    }
  }
});

test('a channel that only a profile knows has one of the other colours, always the same', () => {
  assert.ok(otherColours.some((colour) => colour === channelColour('trade')));
  assert.equal(channelColour('trade'), channelColour('Trade'));
});

test('Tab wraps at the ends of the panel only', () => {
  assert.equal(wrapTab(4, 5, false), 0);
  assert.equal(wrapTab(0, 5, true), 4);
  assert.equal(wrapTab(-1, 5, true), 4);
  assert.equal(wrapTab(2, 5, false), null);
  assert.equal(wrapTab(0, 0, false), null);
});

test('arrow keys go round the tabs', () => {
  assert.equal(itemAfterKey('ArrowRight', 2, 3), 0);
  assert.equal(itemAfterKey('ArrowLeft', 0, 3), 2);
  assert.equal(itemAfterKey('End', 0, 3), 2);
  assert.equal(itemAfterKey('x', 0, 3), null);
});

test('the panel cannot be dragged off the screen', () => {
  assert.deepEqual(clampOffset({ x: 900, y: -900 }, { w: 800, h: 600 }, { w: 1280, h: 720 }), { x: 240, y: -60 });
  const still = clampOffset({ x: 10, y: 10 }, { w: 800, h: 600 }, { w: 640, h: 480 });
  assert.equal(Math.abs(still.x) + Math.abs(still.y), 0);
});

test('durations are said in their largest whole unit', () => {
  assert.deepEqual([400, 40_000, 185_000, 7_300_000].map(durationText), ['1 s', '40 s', '3 min', '2 h']);
});

test('at least one language stays and an unknown one is offered', () => {
  assert.deepEqual(withLanguage(['eng'], 'eng', false), ['eng']);
  assert.deepEqual(withLanguage(['eng'], 'deu', true), ['eng', 'deu']);
  assert.ok(languageChoices(['pol']).some(({ code }) => code === 'pol'));
});

test('a reset keeps the games and the welcome', () => {
  const changed = { ...defaultsFor({ ...blank, welcomed: true, games: { Chess: { regions: [], profile: 'x' } } }) };
  assert.equal(changed.hud.lines, 6);
  assert.equal(changed.welcomed, true);
  assert.deepEqual(Object.keys(changed.games), ['Chess']);
});

const blank: Parameters<typeof defaultsFor>[0] = {
  shortcuts: { interactive: 'F9', history: 'F10', people: 'F7', reply: 'F8', pause: 'F11', 'mark-lobby': 'F12' },
  hud: { lines: 2, fadeAfterS: 3, opacity: 0.5, corner: 'bottom-left', textPct: 150 },
  capture: { fps: 1, languages: ['deu'] },
  alerts: { names: ['Rook'], words: [], sound: false, cooldownS: 60 },
  games: {},
  welcomed: false,
};
