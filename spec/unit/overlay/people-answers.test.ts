/** The small parts between the network and the screen: what is said of a code, an address, a message. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { toAskError, toCodeError, toPeopleError } from '../../../overlay/engine/people/code-answer.ts';
import { viewMessage } from '../../../overlay/engine/people/message-view.ts';
import { resolveTypedAddress } from '../../../overlay/engine/people/typed-address.ts';
import { formatCode, parseCode, SESSION_PORT } from '../../../net/index.ts';
import { toRequestToken } from '../../../net/code/request-token.ts';
import type { LogMessage } from '../../../storage/index.ts';
import { entryId } from '../ui/lines.ts';

const [ana, bo] = ['a'.repeat(64), 'b'.repeat(64)];

function message(part: Partial<LogMessage>): LogMessage {
  const common = { id: entryId(1), atMs: 5, text: 'hi', peer: ana, room: null, from: null, seq: 1, states: [] };
  return { ...common, ...part };
}

test('what is wrong with a code is said by the places of its groups, counted from 0', () => {
  const said = { message: 'A sentence.' };
  const table = [
    [{ ...said, kind: 'length', received: 10, expected: 84, group: null }, 'unfinished', []],
    [{ ...said, kind: 'length', received: 85, expected: 84, group: 3 }, 'mistyped', [2]],
    [{ ...said, kind: 'character', character: 'U', group: 1, place: 4 }, 'mistyped', [0]],
    [{ ...said, kind: 'group', groups: [2, 12] }, 'mistyped', [1, 11]],
    [{ ...said, kind: 'swapped', groups: [4, 5] }, 'mistyped', [3, 4]],
    [{ ...said, kind: 'check' }, 'mistyped', []],
    [{ ...said, kind: 'version', version: 9 }, 'unknown-version', []],
  ] as const;
  for (const [error, kind, groups] of table) {
    assert.deepEqual(toCodeError(error), { kind, message: 'A sentence.', groups });
  }
});

test('a code that was read right from the start is unfinished until it is whole', () => {
  const code = formatCode(new Uint8Array(32).fill(7), toRequestToken(new Uint8Array(8).fill(9)));
  assert.equal(parseCode(code).ok, true);
  fc.assert(
    fc.property(fc.integer({ min: 1, max: code.length - 1 }), (length) => {
      const read = parseCode(code.slice(0, length));
      assert.ok(!read.ok);
      const { kind, groups } = toCodeError(read.error);
      assert.equal(kind, 'unfinished');
      assert.ok(groups.every((place) => place >= 0 && place < 12));
    }),
  );
});

test('each reason why asking fails has a kind of the screen, and the sentence stays', () => {
  const kinds = { 'own-code': 'own-code', full: 'full', 'already-accepted': 'already-contact', busy: 'io' } as const;
  for (const [kind, told] of Object.entries(kinds)) {
    assert.ok(kind === 'own-code' || kind === 'full' || kind === 'already-accepted' || kind === 'busy');
    assert.deepEqual(toAskError({ kind, message: 'Why.' }), { kind: told, message: 'Why.', groups: [] });
  }
  const people = { 'not-found': 'not-found', full: 'full', 'not-kept': 'io', blocked: 'refused' } as const;
  for (const [kind, told] of Object.entries(people)) {
    assert.ok(kind === 'not-found' || kind === 'full' || kind === 'not-kept' || kind === 'blocked');
    assert.deepEqual(toPeopleError({ kind, message: 'Why.' }), { kind: told, message: 'Why.' });
  }
});

test('an address is taken as people write it, with or without the port', async () => {
  const table = [
    ['10.0.0.7', { address: '10.0.0.7', port: SESSION_PORT }],
    [' 10.0.0.7:1234 ', { address: '10.0.0.7', port: 1234 }],
    ['[fe80::1%eth0]:41975', { address: 'fe80::1%eth0', port: 41_975 }],
    ['[::1]', { address: '::1', port: SESSION_PORT }],
    ['fe80::1%eth0', { address: 'fe80::1%eth0', port: SESSION_PORT }],
  ] as const;
  for (const [typed, endpoint] of table) assert.deepEqual(await resolveTypedAddress(typed), endpoint, typed);
  const local = await resolveTypedAddress('localhost:77');
  assert.ok(local !== null && local.port === 77 && ['127.0.0.1', '::1'].includes(local.address));
});

test('what is no address is none', async () => {
  const table = [
    '',
    ':41975',
    '10.0.0.7:0',
    '10.0.0.7:65536',
    '10.0.0.7:',
    'a b',
    '-x',
    'x_y',
    '[10.0.0.7',
    '1:2:3',
    'a..b',
  ];
  for (const typed of table) assert.equal(await resolveTypedAddress(typed), null, typed);
});

test('an own message has a state for each receiver: sent, where the log knows no other', () => {
  const own = message({ states: [{ peer: bo, state: 'kept' }] });
  const view = viewMessage(own, [ana, bo]);
  assert.deepEqual(view.states, [
    { peer: ana, state: 'sent' },
    { peer: bo, state: 'kept' },
  ]);
  assert.deepEqual([view.peer, view.from, view.shown], [ana, null, true]);
  // Somebody who left the room since has the message all the same.
  assert.deepEqual(viewMessage(own, []).states, [{ peer: bo, state: 'kept' }]);
});

test('a message of somebody else has no states, and is shown once this screen showed it', () => {
  const theirs = message({ from: ana, states: [{ peer: ana, state: 'kept' }] });
  assert.deepEqual(viewMessage(theirs, []).states, []);
  assert.equal(viewMessage(theirs, []).shown, false);
  assert.equal(viewMessage(message({ from: ana, states: [{ peer: ana, state: 'shown' }] }), []).shown, true);
});

test('a message of a room names the room alone', () => {
  const { peer, room } = viewMessage(message({ peer: ana, room: 'c'.repeat(32), from: ana }), []);
  assert.deepEqual([peer, room], [null, 'c'.repeat(32)]);
});
