/**
 * Recording and naming shortcuts.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { acceleratorKeys, acceleratorText, recordKey, takenBy } from '../../../overlay/ui/settings/accelerator.ts';
import type { PressedKey } from '../../../overlay/ui/settings/accelerator.ts';

function pressed(code: string, key: string, held: string): PressedKey {
  return {
    code,
    key,
    ctrlKey: held.includes('c'),
    altKey: held.includes('a'),
    shiftKey: held.includes('s'),
    metaKey: held.includes('m'),
  };
}

const recorded: readonly (readonly [string, string, string, boolean, string])[] = [
  ['KeyL', 'L', 'cs', false, 'CommandOrControl+Shift+L'],
  ['KeyQ', 'a', 'c', false, 'CommandOrControl+A'],
  ['KeyA', 'ф', 'c', false, 'CommandOrControl+A'],
  ['Digit1', '!', 'cs', false, 'CommandOrControl+Shift+1'],
  ['F9', 'F9', '', false, 'F9'],
  ['F9', 'F9', 's', false, 'Shift+F9'],
  ['ArrowUp', 'ArrowUp', 'a', false, 'Alt+Up'],
  ['Backquote', '`', 'm', false, 'Super+`'],
  ['KeyL', 'l', 'ms', true, 'CommandOrControl+Shift+L'],
  ['KeyL', 'l', 'c', true, 'Control+L'],
];

for (const [code, key, held, mac, accelerator] of recorded) {
  test(`${key} on ${code} with “${held}” ${mac ? 'on a Mac ' : ''}records ${accelerator}`, () => {
    assert.deepEqual(recordKey(pressed(code, key, held), mac), { kind: 'accepted', accelerator });
  });
}

test('a key that the game needs is refused alone', () => {
  assert.equal(recordKey(pressed('KeyW', 'w', ''), false).kind, 'refused');
  assert.equal(recordKey(pressed('KeyF', 'F', 's'), false).kind, 'refused');
  assert.equal(recordKey(pressed('Space', ' ', ''), false).kind, 'refused');
});

test('a key that no accelerator names is refused', () => {
  assert.equal(recordKey(pressed('AudioVolumeUp', 'AudioVolumeUp', 'c'), false).kind, 'refused');
});

test('modifiers alone wait for more and are shown', () => {
  assert.deepEqual(recordKey(pressed('ShiftLeft', 'Shift', 'cs'), false), { kind: 'incomplete', held: 'Ctrl+Shift' });
});

test('an accelerator is written as the user knows the keys', () => {
  assert.equal(acceleratorText('CommandOrControl+Shift+L', false), 'Ctrl+Shift+L');
  assert.equal(acceleratorText('CommandOrControl+Shift+L', true), '⌘⇧L');
  assert.deepEqual(acceleratorKeys('', false), []);
});

test('a shortcut of another action is found, the own one is not in the way', () => {
  const shortcuts = { interactive: 'F9', history: 'F10' };
  assert.equal(takenBy(shortcuts, 'history', 'F9'), 'interactive');
  assert.equal(takenBy(shortcuts, 'interactive', 'F9'), null);
});
