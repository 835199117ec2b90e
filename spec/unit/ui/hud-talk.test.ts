/**
 * What people say on the HUD, and what the screen holds of them: bounded, quiet, and never lost from a draft.
 */
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { REPO_ROOT } from '../../../overlay/runtime/paths.mjs';
import type { OverlayEvent } from '../../../overlay/ipc/index.ts';
import {
  addMessage,
  addRequest,
  chatRows,
  dropMessage,
  dropProblem,
  dropRequests,
  emptyHudTalk,
  fitToPeople,
  requestQuietMs,
  requestText,
  talkCapacity,
  tellProblem,
} from '../../../overlay/ui/hud/hud-talk.ts';
import type { HudTalk } from '../../../overlay/ui/hud/hud-talk.ts';
import { peopleChips } from '../../../overlay/ui/hud/people-chips.ts';
import { conversationKey } from '../../../overlay/ui/people/conversations.ts';
import { emptyScreen, openConversation, reduceScreen } from '../../../overlay/ui/screen/model.ts';
import type { ScreenAction, ScreenModel } from '../../../overlay/ui/screen/model.ts';
import { contact, nowMs, peerId, peopleState, received, request, written } from './people.ts';
import { appState } from './lines.ts';

function ids(talk: HudTalk): readonly string[] {
  return talk.messages.map(({ id }) => id);
}

test('messages of others come to the HUD, own ones and those that were shown do not', () => {
  const talk = [received(1), written(2), received(3, 1, { shown: true })].reduce(addMessage, emptyHudTalk);
  assert.deepEqual(ids(talk), ['m1']);
});

test('the HUD holds the newest messages and no more than its capacity', () => {
  const messages = Array.from({ length: talkCapacity + 3 }, (_, index) => received(index));
  const talk = messages.reduce(addMessage, emptyHudTalk);
  assert.deepEqual(
    ids(talk),
    messages.slice(-talkCapacity).map(({ id }) => id),
  );
});

test('a message that stands there is changed in its place, also when it becomes shown; faded ones go', () => {
  const talk = addMessage(addMessage(emptyHudTalk, received(1)), received(1, 1, { shown: true }));
  assert.deepEqual(
    talk.messages.map(({ shown }) => shown),
    [true],
  );
  assert.deepEqual(ids(dropMessage(talk, 'm1')), []);
  assert.equal(dropMessage(talk, 'm9'), talk);
});

test('a flood of requests is one line with a count', () => {
  const flood = Array.from({ length: 200 }, (_, index) => request(index, { atMs: nowMs + index }));
  const talk = flood.reduce(addRequest, emptyHudTalk);
  assert.equal(talk.requests?.newest.peer, peerId(199));
  assert.equal(talk.requests?.askers.length, 64);
  assert.equal(talk.requests === null ? '' : requestText(talk.requests), '64 people ask to be your contacts');
  assert.equal(
    requestText({ newest: request(1, { name: 'Ana\n' }), askers: ['x'] }),
    '\u2068Ana\u2069 asks to be your contact',
  );
  assert.equal(addRequest(talk, request(199)).requests?.askers.length, 64);
});

test('after the line has faded the next request is silent for a while, then it has a line again', () => {
  const said = dropRequests(addRequest(emptyHudTalk, request(1)));
  assert.equal(addRequest(said, request(2, { atMs: nowMs + requestQuietMs - 1 })).requests, null);
  assert.equal(addRequest(said, request(2, { atMs: nowMs + requestQuietMs })).requests?.askers.length, 1);
  assert.notEqual(addRequest(said, request(2, { atMs: nowMs - 3_600_000 })).requests, null);
});

test('requests that wait no longer leave the line, and messages of blocked people leave the HUD', () => {
  const talk = addMessage(addRequest(addRequest(emptyHudTalk, request(1)), request(2)), received(1, 7));
  const left = fitToPeople(
    talk,
    peopleState({ requests: [request(1)], blockedPeers: [{ peer: peerId(7), name: 'x' }] }),
  );
  assert.deepEqual(left.requests?.askers, [peerId(1)]);
  assert.equal(left.requests?.newest.peer, peerId(1));
  assert.deepEqual(ids(left), []);
  assert.equal(fitToPeople(left, peopleState()).requests, null);
});

test('whatever comes, the HUD is bounded', () => {
  const step = fc.oneof(
    fc.nat(30).map((number) => (talk: HudTalk) => addMessage(talk, received(number, number))),
    fc.tuple(fc.nat(200), fc.nat(900_000)).map(
      ([number, agoMs]) =>
        (talk: HudTalk) =>
          addRequest(talk, request(number, { atMs: nowMs + agoMs })),
    ),
    fc.constant((talk: HudTalk) => tellProblem(talk, 'x')),
    fc.constant(dropProblem),
    fc.constant(dropRequests),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), fc.integer({ min: 1, max: 12 }), (steps, lines) => {
      const talk = steps.reduce((held, next) => next(held), emptyHudTalk);
      assert.ok(talk.messages.length <= talkCapacity);
      assert.ok((talk.requests?.askers.length ?? 0) <= 64);
      assert.equal(new Set(ids(talk)).size, talk.messages.length);
      assert.ok(chatRows(lines, talk) >= 1 && chatRows(lines, talk) <= lines);
    }),
  );
});

test('what is unread and not in sight has a chip, and so has a network that fails', () => {
  const people = peopleState({ contacts: [contact(1, { unshown: 3 }), contact(2, { unshown: 9, blocked: true })] });
  const talk = addMessage(emptyHudTalk, received(1));
  assert.deepEqual(peopleChips(people, talk), [{ tone: 'info', text: '2 unread messages' }]);
  assert.deepEqual(peopleChips(peopleState(), talk), []);
  assert.deepEqual(peopleChips(null, talk), []);
  const failed = peopleState({ network: { kind: 'failed', sessionPort: null, message: 'No port is free.' } });
  assert.deepEqual(peopleChips(failed, emptyHudTalk), [{ tone: 'warn', text: 'No port is free.' }]);
});

const ana = { kind: 'peer', peer: peerId(1) } as const;
const people = peopleState({ contacts: [contact(1), contact(2)] });

function event(event: OverlayEvent): ScreenAction {
  return { kind: 'event', event };
}

function after(...actions: readonly ScreenAction[]): ScreenModel {
  return actions.reduce(reduceScreen, emptyScreen);
}

const known = event({ name: 'people.state', state: people });
const panel = event({ name: 'app.state', state: appState({ interactive: true, panel: 'people' }) });
const talkView: ScreenAction = { kind: 'people-view', view: { kind: 'talk', conversation: ana } };

test('a message of the conversation that stands open does not come to the HUD as well', () => {
  const open = after(known, panel, talkView);
  assert.deepEqual(openConversation(open), ana);
  assert.deepEqual(reduceScreen(open, event({ name: 'message', message: received(1) })).talk.messages, []);
  assert.equal(reduceScreen(open, event({ name: 'message', message: received(1, 2) })).talk.messages.length, 1);
});

test('no conversation is open behind the game, on another tab, under the composer, or before one is chosen', () => {
  assert.equal(openConversation(after(known, talkView)), null);
  assert.equal(openConversation(after(known, panel, talkView, { kind: 'panel', panel: 'history' })), null);
  assert.equal(openConversation(after(known, panel)), null);
  const composing = event({ name: 'app.state', state: appState({ interactive: true, composing: true }) });
  assert.equal(openConversation(after(known, panel, talkView, composing)), null);
});

test('a failure takes away nothing that is known of people', () => {
  const failed: ScreenAction = { kind: 'people', people: { kind: 'failed', message: 'x' } };
  assert.equal(after(failed).people.kind, 'failed');
  assert.equal(after(known, failed).people.kind, 'known');
  assert.equal(after(failed, known).people.kind, 'known');
});

test('a draft is kept by conversation and goes when it is empty', () => {
  const begun = after({ kind: 'draft', conversation: ana, text: 'on my way' });
  assert.deepEqual(begun.drafts, { [conversationKey(ana)]: 'on my way' });
  assert.deepEqual(reduceScreen(begun, { kind: 'draft', conversation: ana, text: '' }).drafts, {});
});

test('what was not sent is a draft again, over what was begun since, and the HUD says so', () => {
  const unsent: ScreenAction = { kind: 'unsent', conversation: ana, text: 'first', problem: 'The disk is full.' };
  const alone = after(unsent);
  assert.equal(alone.drafts[conversationKey(ana)], 'first');
  assert.equal(alone.talk.problem?.text, 'The disk is full.');
  const begun = after({ kind: 'draft', conversation: ana, text: 'second' }, unsent);
  assert.equal(begun.drafts[conversationKey(ana)], 'first\nsecond');
  assert.equal(reduceScreen(begun, { kind: 'talk-faded', row: 'problem' }).talk.problem, null);
});

test('a request has its line on the HUD, and the line goes when it faded', () => {
  const asked = after(event({ name: 'people.request', request: request(5) }));
  assert.equal(asked.talk.requests?.askers.length, 1);
  assert.equal(reduceScreen(asked, { kind: 'talk-faded', row: 'requests' }).talk.requests, null);
  const said = after(event({ name: 'message', message: received(4) }));
  assert.deepEqual(reduceScreen(said, { kind: 'talk-faded', row: { id: 'm4' } }).talk.messages, []);
});

/** Relative luminance of three channels, 0 to 255, by WCAG 2.2. */
function luminance(channels: readonly number[]): number {
  const [r = 0, g = 0, b = 0] = channels.map((value) => {
    const share = value / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

test('every colour of what people say keeps 4.5:1 on the HUD over white and over black', () => {
  const css = readFileSync(join(REPO_ROOT, 'overlay', 'ui', 'styles', 'base.css'), 'utf8');
  const token = (name: string): readonly number[] => {
    const hex = new RegExp(`--${name}: #([0-9a-f]{6});`).exec(css)?.[1] ?? '';
    assert.equal(hex.length, 6, name);
    return [0, 2, 4].map((at) => Number.parseInt(hex.slice(at, at + 2), 16));
  };
  // --ink-0 at the least opacity that .hud-talk may have.
  const ink = [11, 14, 19];
  for (const scene of [0, 255]) {
    const ground = luminance(ink.map((value) => value * 0.88 + scene * 0.12));
    for (const name of ['text', 'text-dim', 'accent', 'error']) {
      const contrast = (luminance(token(name)) + 0.05) / (ground + 0.05);
      assert.ok(contrast >= 4.5, `${name} over ${scene}: ${contrast.toFixed(2)}`);
    }
  }
});
