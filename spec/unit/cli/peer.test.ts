/** `lobbykeep peer`: two people on one machine, each a `peer serve`, led by the other subcommands. */
import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { OverlayEvent, PeopleEvent, PeopleState } from '../../../overlay/ipc/index.ts';
import { makeDataFolder, runCli } from './cli-world.ts';
import type { CliRun } from './cli-world.ts';
import { startServe } from './serve-run.ts';
import type { ServeEvent, ServeRun } from './serve-run.ts';

type StateEvent = Extract<PeopleEvent, { name: 'people.state' }>;
type MessageEvent = Extract<PeopleEvent, { name: 'message' }>;
type KeptEvent = Extract<OverlayEvent, { name: 'line.kept' }>;

let mia: string;
let tom: string;
let miaServe: ServeRun;
let tomServe: ServeRun;
/** As the two printed them. */
let miaCode: string;

before(async () => {
  mia = await makeDataFolder(5);
  tom = await mkdtemp(join(tmpdir(), 'lobbykeep-cli-'));
});

after(async () => {
  await Promise.all([miaServe?.stop('SIGKILL'), tomServe?.stop('SIGKILL')]);
  await Promise.all([mia, tom].map((folder) => rm(folder, { recursive: true, force: true })));
});

function peer(data: string, ...words: readonly string[]): Promise<CliRun> {
  return runCli(['peer', ...words, '--data', data]);
}

/** Runs a subcommand that must work, and returns what it printed. */
async function must(data: string, ...words: readonly string[]): Promise<string> {
  const { code, out, err } = await peer(data, ...words);
  assert.deepEqual({ code, err }, { code: 0, err: '' }, words.join(' '));
  return out;
}

/** The same with `--json`. */
async function read(data: string, ...words: readonly string[]): Promise<unknown> {
  return JSON.parse(await must(data, ...words, '--json'));
}

function stateWith(fits: (state: PeopleState) => boolean): (event: ServeEvent) => event is StateEvent {
  return (event): event is StateEvent => event.name === 'people.state' && fits(event.state);
}

function messageWith(text: string, state: string | null = null): (event: ServeEvent) => event is MessageEvent {
  return (event): event is MessageEvent =>
    event.name === 'message' &&
    event.message.text === text &&
    (state === null || event.message.states.some((each) => each.state === state));
}

function isConnected({ contacts }: PeopleState): boolean {
  return contacts.some(({ state }) => state === 'connected');
}

/** The name and what may be seen come over the connection, after it. */
function isIntroduced(state: PeopleState): boolean {
  return isConnected(state) && state.contacts.every(({ name, scopeTheirs }) => name !== '' && scopeTheirs !== null);
}

test('while nobody serves, the subcommands change the folder themselves', async () => {
  assert.match(await must(mia, 'name', 'Mia'), /You are called Mia now/);
  assert.equal(await must(mia, 'name'), 'Mia\n');
  miaCode = (await must(mia, 'code')).trim();
  assert.equal(miaCode.replaceAll(/[^0-9A-Z]/g, '').length, 84);
  assert.match(await must(mia, 'status'), /^network off, no sockets here\n0 contacts/);
  await must(tom, 'name', 'Tom');
});

test('a wrong command line ends with 2 and says what is expected', async () => {
  const wrong: readonly (readonly [words: readonly string[], says: RegExp])[] = [
    [[], /There is no subcommand ""/],
    [['bogus'], /There is no subcommand "bogus"/],
    [['constructor'], /There is no subcommand "constructor"/],
    [['serve', '--bind', 'localhost'], /Expected ADDRESS:PORT for --bind/],
    [['serve', '--bind', '127.0.0.1:99999'], /Expected ADDRESS:PORT for --bind/],
    [['accept', 'nobody'], /Expected somebody who asks but received "nobody"; there is none/],
    [['send', 'nobody', 'hi'], /Expected a contact or a room but received "nobody"/],
    [['share', 'nobody', 'live'], /Expected a contact/],
    [['room', 'Raid'], /Expected a title and members/],
    [['tokens', 'burn'], /Expected make or revoke but received "burn"/],
    [['tokens', 'revoke', 'zz'], /Expected the id of a code/],
    [['tokens', 'make', '--quota', '0'], /Expected 1 to 1000 for --quota/],
    [['tokens', 'make', '--expires', 'soon'], /days for --expires/],
    [['inbox', '--limit', '0'], /Expected 1 to 200 for --limit/],
    [['list', '--bogus'], /--bogus/],
  ];
  for (const [words, says] of wrong) {
    const { code, out, err } = await peer(mia, ...words);
    assert.deepEqual([code, out], [2, ''], words.join(' '));
    assert.match(err, says);
  }
});

test('a mistyped code ends with 1, and the wrong group is named', async () => {
  const at = miaCode.replaceAll(/[^0-9A-Z]/g, '');
  const groups: readonly string[] = at.match(/.{7}/g) ?? [];
  const [third = ''] = groups.slice(2, 3);
  const wrong = groups.with(2, (third.startsWith('7') ? '8' : '7') + third.slice(1)).join('-');
  const { code, out, err } = await peer(tom, 'request', wrong);
  assert.deepEqual([code, out], [1, '']);
  assert.match(err, /group 3\b/);
  assert.equal((await peer(mia, 'request', miaCode)).code, 1, 'nor does anybody ask themselves');
});

test('codes are made with a label and a limit, and revoked', async () => {
  const made = (await must(mia, 'tokens', 'make', '--label', 'for the guild', '--quota', '3', '--expires', '7')).trim();
  assert.notEqual(made, miaCode);
  const listed = await must(mia, 'tokens');
  assert.match(listed, /for the guild {2}0 of 3 requests, until \d{4}-/);
  const id = /^([0-9a-f]{8}) {2}for the guild/m.exec(listed)?.[1] ?? '';
  assert.match(await must(mia, 'tokens', 'revoke', id), /mute/);
  assert.doesNotMatch(await must(mia, 'tokens'), /for the guild/);
});

test('a request reaches who serves; once it is accepted both are connected', async () => {
  [miaServe, tomServe] = await Promise.all([startServe(mia), startServe(tom)]);
  const second = await runCli(['peer', 'serve', '--data', mia, '--bind', '127.0.0.1:0']);
  assert.equal(second.code, 3, 'one serves a folder');
  const asked = ['request', miaCode, '--note', 'from last night', '--address', `127.0.0.1:${miaServe.port}`];
  assert.match(await must(tom, ...asked), /You asked/);
  assert.match(await must(tom, 'requests'), /You asked /);
  const request = await miaServe.waitFor(
    'the request',
    (event): event is Extract<PeopleEvent, { name: 'people.request' }> => event.name === 'people.request',
  );
  assert.deepEqual([request.request.name, request.request.note], ['Tom', 'from last night']);
  const waiting = await must(mia, 'requests');
  assert.match(waiting, /^Tom \([0-9a-f]{8}\) asks: from last night\n {2}words: (\w+ ){5}\w+\n$/);
  assert.match(await must(mia, 'accept', 'tom'), /Accepted/);
  await Promise.all([
    miaServe.waitFor('a connection', stateWith(isConnected)),
    tomServe.waitFor('what Mia says of herself', stateWith(isIntroduced)),
  ]);
  assert.match(await must(tom, 'list'), /^Mia \([0-9a-f]{8}\): connected; sees nothing; shares nothing\n$/);
  assert.match(await must(mia, 'status'), /^network on, UDP port \d+\n1 contacts, 1 connected; 0 ask\n$/);
  const words = await must(tom, 'words', 'Mia');
  assert.ok(waiting.includes(words.trim()), 'both see the same words');
  await must(tom, 'words', 'Mia', '--confirm');
  assert.match(await must(tom, 'list'), /words compared/);
});

test('a message is kept there, and stands in both inboxes', async () => {
  assert.match(await must(tom, 'send', 'mia', 'see', 'you', 'at', 'eight'), /Kept here/);
  await miaServe.waitFor('the message', messageWith('see you at eight'));
  await tomServe.waitFor('its state', messageWith('see you at eight', 'kept'));
  assert.match(await must(mia, 'inbox'), /Tom: see you at eight\n$/);
  assert.match(await must(tom, 'inbox', 'Mia'), /me to Mia: see you at eight \(kept\)\n$/);
  const page = await read(tom, 'inbox');
  assert.ok(Array.isArray(page) && page.length === 1);
  assert.equal((await peer(tom, 'send', 'mia', '  ')).code, 2);
});

test('a room is made, and what is said in it reaches its members', async () => {
  await must(mia, 'room', 'Raid night', 'tom');
  await tomServe.waitFor(
    'the room',
    stateWith(({ rooms }) => rooms.some(({ title }) => title === 'Raid night')),
  );
  await must(tom, 'send', 'Raid night', 'ready');
  await miaServe.waitFor('the message', messageWith('ready'));
  assert.match(await must(mia, 'inbox', 'Raid night'), /\[Raid night\] Tom: ready\n$/);
});

function isShared(event: ServeEvent): event is KeptEvent {
  return event.name === 'line.kept' && event.line.line === 'Bob: gg wp';
}

function isClosed({ contacts }: PeopleState): boolean {
  return contacts.some(({ scopeTheirs, scopeMine }) => scopeTheirs?.share === 'none' && scopeMine.share === 'none');
}

test('who may see the history gets it, line by line, as read by who shares it', async () => {
  assert.equal(tomServe.events.filter(({ name }) => name === 'line.kept').length, 0);
  assert.match(
    await must(mia, 'share', 'tom', 'history', '--games', 'Doom'),
    /Tom .* may see everything, Doom only now/,
  );
  const { line } = await tomServe.waitFor('a line of Doom', isShared);
  const listed = await read(tom, 'list');
  assert.ok(Array.isArray(listed) && listed.some((contact) => contact.peer === line.origin?.peer));
  assert.equal(await must(mia, 'share', 'tom'), 'everything, Doom only\n');
  assert.ok(tomServe.events.every((event) => event.name !== 'line.kept' || event.line.game === 'Doom'));
  assert.equal((await peer(mia, 'share', 'tom', 'all')).code, 2);
  assert.equal((await peer(mia, 'share', 'tom', 'history', '--since', 'once')).code, 2);

  await must(mia, 'share', 'tom', 'none');
  const before = tomServe.events.length;
  await tomServe.waitFor('the end of sharing', (event): event is StateEvent => {
    return stateWith(isClosed)(event) && tomServe.events.indexOf(event) >= before - 1;
  });
  assert.equal(await must(mia, 'share', 'tom'), 'nothing\n');
});

test('what is sent while the other is off arrives when they serve again', async () => {
  assert.equal(await tomServe.stop('SIGTERM'), 0);
  await must(mia, 'send', 'tom', 'are you there?');
  tomServe = await startServe(tom);
  await tomServe.waitFor('the message', messageWith('are you there?'));
  await miaServe.waitFor('its state', messageWith('are you there?', 'kept'));
});

test('after kill -9 the next serve goes on, and a message written meanwhile goes out', async () => {
  assert.equal(await miaServe.stop('SIGKILL'), null);
  // Its socket file lies there still; the command takes the folder itself.
  await must(mia, 'send', 'tom', 'the power went');
  miaServe = await startServe(mia);
  await tomServe.waitFor('the message', messageWith('the power went'));
  await miaServe.waitFor('its state', messageWith('the power went', 'kept'));
  const texts = (await must(tom, 'inbox', 'mia')).match(/are you there\?|the power went/g);
  assert.deepEqual(texts, ['are you there?', 'the power went'], 'each is there once');
});

test('who is blocked is not heard; who is unblocked may ask again; a contact is removed', async () => {
  assert.match(await must(mia, 'block', 'tom'), /Blocked/);
  assert.match((await peer(mia, 'send', 'tom', 'hi')).err, /Expected a contact or a room but received "tom"/);
  assert.match(await must(mia, 'unblock', 'tom'), /may ask again/);
  assert.match(await must(tom, 'remove', 'mia'), /Removed/);
  assert.equal(await must(tom, 'list'), '');
});

/** Asks by a code, as one to the other's port, and waits until the other hears of it. */
async function ask(data: string, code: string, other: ServeRun): Promise<void> {
  const before = other.events.length;
  await must(data, 'request', code, '--address', `127.0.0.1:${other.port}`);
  await other.waitFor('the request', (event): event is StateEvent => {
    const asks = stateWith(({ requests }) => requests.length > 0);
    return asks(event) && other.events.indexOf(event) >= before;
  });
}

test('who asks is declined, once or for good, without being told; who asked takes it back', async () => {
  await ask(tom, miaCode, miaServe);
  assert.match((await peer(mia, 'decline', 'ann')).err, /Expected somebody who asks but received "ann"/);
  assert.equal(await must(mia, 'decline', 'tom'), 'Declined. They are not told.\n');
  assert.equal(await must(mia, 'requests'), '');
  const hint = /^You asked \S* ?\(([0-9a-f]{8})\)/m.exec(await must(tom, 'requests'))?.[1] ?? '';
  assert.equal((await peer(tom, 'withdraw', 'ann')).code, 2);
  assert.equal(await must(tom, 'withdraw', hint), 'Withdrawn.\n');
  assert.equal(await must(tom, 'requests'), '');
  assert.equal((await peer(tom, 'withdraw', hint)).code, 2, 'there is nothing left to take back');

  await ask(mia, (await must(tom, 'code')).trim(), tomServe);
  await must(tom, 'decline', 'mia', '--ever');
  assert.equal(await must(tom, 'requests'), '');
  assert.match(await must(tom, 'unblock', 'mia'), /may ask again/, 'for good is until they are let in again');
});

test('doctor looks at the network and names what it finds', async () => {
  const { code, out } = await runCli(['doctor', '--json']);
  assert.ok(code === 0 || code === 1, String(code));
  const findings: unknown = JSON.parse(out);
  assert.ok(Array.isArray(findings) && findings.length > 0);
});
