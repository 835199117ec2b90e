/**
 * Two people on one network, everything real: two copies of the app find each other by a code, talk, and share what they
 * read of one lobby, until one of them takes it back.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { localId } from '../../net/derived-id.ts';
import type { EntryId } from '../../storage/entry.ts';
import { isRunning, listTree, waitUntil } from './processes.ts';
import { chooseSharing, introduce, patienceMs, readCode, startPerson, talkEntry } from './people-run.ts';
import type { Person } from './people-run.ts';
import { openStage } from './stage.ts';
import type { Stage } from './stage.ts';
import type { LobbyRun } from './lobby-run.ts';

const hello = 'gg, same lobby tonight?';
const answer = 'after dinner, save me a seat';
const barrier = 'that is all you get';

let stage: Stage;
let ana: Person;
let bo: Person;
let anaPeer: string;
let lobby: LobbyRun;

before(async () => {
  stage = await openStage();
  ana = await startPerson(stage, 'Ana', 'Shift');
  bo = await startPerson(stage, 'Bo', 'Alt');
});
after(() => stage.close());

/** Lines that Ana's reader kept so far, by the ids that they have, or would have, in Bo's log. */
function linesOfAna(): readonly EntryId[] {
  return ana.app.kept.map(({ id }) => localId(anaPeer, id));
}

async function waitForLinesOfAna(count: number): Promise<void> {
  await waitUntil(`${count} lines read by Ana`, () => ana.app.kept.length >= count, 2 * patienceMs);
}

/** Lines of Bo's log that Ana read and Bo did not, newest first. */
async function foreignLines(): Promise<readonly EntryId[]> {
  return (await bo.lines()).flatMap(({ id, origin }) => (origin === undefined ? [] : [id]));
}

/** Every reading of Ana's in Bo's log, also those that stand behind Bo's own. */
async function readingsOfAna(): Promise<ReadonlySet<EntryId>> {
  const ids = new Set<EntryId>();
  for (const { id, origin, witnesses = [] } of await bo.lines()) {
    if (origin !== undefined) ids.add(id);
    for (const witness of witnesses) if (witness.peer !== null) ids.add(witness.id);
  }
  return ids;
}

/** Stops or starts Bo's reader, so that only Ana reads, or both. */
async function pauseBo(kind: 'paused' | 'running'): Promise<void> {
  await bo.press('pause');
  await waitUntil(`Bo's reader to be ${kind}`, async () => (await bo.app.state()).capture.kind === kind, patienceMs);
}

test('a code from one screen, typed into another, asks; a click accepts; both are connected', async (context) => {
  await introduce(ana);
  anaPeer = (await ana.people()).me.peerId;
  const code = await readCode(ana);
  await ana.toGame();

  await introduce(bo);
  await bo.overlay.getByRole('button', { name: 'Add someone' }).click();
  await bo.overlay.locator('.code-input').fill(code);
  await bo.overlay.locator('.code-right').waitFor({ timeout: patienceMs });
  const words = await bo.overlay.locator('.safety-words li').allTextContents();
  await bo.overlay.getByLabel('Note, so that they know who asks').fill('the healer of last night');
  await bo.overlay.getByRole('button', { name: 'Ask them' }).click();
  await bo.overlay.locator('.asked').waitFor({ timeout: patienceMs });
  const askedMs = performance.now();

  await ana.overlay.locator('.hud-request').getByText('Bo').waitFor({ timeout: patienceMs });
  context.diagnostic(`the request stood on the HUD after ${Math.round(performance.now() - askedMs)} ms`);
  await stage.keepPicture('people-request');
  await ana.openPeople();
  await ana.overlay.locator('.side-asking').click();
  const card = ana.overlay.locator('.request-card');
  await card.getByText('the healer of last night').waitFor({ timeout: patienceMs });
  assert.deepEqual(await card.locator('.safety-words li').allTextContents(), words);
  await card.getByRole('button', { name: 'Accept' }).click();
  const acceptedMs = performance.now();

  await ana.overlay.locator('.talk-header .link-connected').waitFor({ timeout: patienceMs });
  await talkEntry(bo, 'Ana').locator('.link-connected').waitFor({ timeout: patienceMs });
  context.diagnostic(`connected ${Math.round(performance.now() - acceptedMs)} ms after the click`);
  const [contact] = (await bo.people()).contacts;
  assert.deepEqual(contact?.safetyWords, words);
  assert.equal((await bo.people()).asked.length, 0);
});

test('messages go both ways, and each shows how far it got', async () => {
  // Bo's panel shows another page: the message is on the disk there, and nobody has seen it.
  await ana.overlay.locator('.composer-text').fill(hello);
  await ana.overlay.locator('.composer-text').press('Enter');
  const said = ana.overlay.locator('.talk-message').filter({ hasText: hello });
  await said.locator('.delivery-kept').waitFor({ timeout: patienceMs });
  await bo.toGame();
  await bo.overlay.locator('.hud-message').getByText(hello).waitFor({ timeout: patienceMs });
  await said.locator('.delivery-shown').waitFor({ timeout: patienceMs });
  await stage.keepPicture('people-message');

  // Ana looks at the conversation, so the answer is shown there at once, and not on her HUD as well.
  await bo.press('reply');
  await bo.overlay.locator('.reply-form .composer-text').fill(answer);
  await bo.overlay.locator('.reply-form .composer-text').press('Enter');
  await ana.overlay.locator('.talk-message').filter({ hasText: answer }).waitFor({ timeout: patienceMs });
  await bo.openPeople();
  await talkEntry(bo, 'Ana').click();
  const answered = bo.overlay.locator('.talk-message').filter({ hasText: answer });
  await answered.locator('.delivery-shown').waitFor({ timeout: patienceMs });
  assert.equal(await ana.overlay.locator('.hud-message').getByText(answer).count(), 0);
  await stage.keepPicture('people-conversation');
});

test('lines that one reads appear in the History of the other, by the name of who read them', async () => {
  lobby = await stage.startLobby(['--seed', '23', '--speed', '1', '--fps', '12', '--lobby-every', '600']);
  const isRunning = async (): Promise<boolean> => (await bo.app.state()).capture.kind === 'running';
  await waitUntil("Bo's reader to find the lobby", isRunning, patienceMs);
  await pauseBo('paused');
  await waitForLinesOfAna(4);
  assert.deepEqual(await foreignLines(), [], 'nothing is shared before it is chosen');

  const before = linesOfAna();
  await chooseSharing(ana, 'New lines');
  await bo.overlay.locator('.talk-scope').getByText('You see: new lines').waitFor({ timeout: patienceMs });
  await waitUntil('shared lines', async () => (await foreignLines()).length >= 3, 2 * patienceMs);
  const live = await foreignLines();
  assert.ok(
    live.every((id) => !before.includes(id)),
    'what was kept before is not among the new lines',
  );
  assert.ok(
    live.every((id) => linesOfAna().includes(id)),
    'each is a line of Ana',
  );
  await bo.openHistory();
  const row = bo.overlay.locator(`#line-${live[0]}`);
  await row.locator('.witness-chip').getByText('Ana', { exact: true }).waitFor({ timeout: patienceMs });
  const shown = await bo.overlay.locator('.hud-lines:not(.hud-talk) .hud-text').allTextContents();
  const theirs = (await bo.lines()).filter(({ origin }) => origin !== undefined);
  assert.ok(
    theirs.every(({ text }) => !shown.includes(text)),
    "lines of Ana's do not pass for Bo's own chat",
  );
  await stage.keepPicture('people-shared');

  await chooseSharing(ana, 'New and kept lines');
  const hasAll = async (): Promise<boolean> => {
    const there = await readingsOfAna();
    return before.every((id) => there.has(id));
  };
  await waitUntil('the lines kept before', hasAll, 2 * patienceMs);
});

test('what both read is one line with two witnesses', async (context) => {
  await pauseBo('running');
  const merged = bo.overlay.locator('.line-row').filter({ has: bo.overlay.getByText('You, Ana', { exact: true }) });
  await merged.nth(2).waitFor({ timeout: 3 * patienceMs });
  await merged.first().click();
  await bo.overlay.locator('.witnesses').getByText('Read by 2').waitFor({ timeout: patienceMs });
  assert.equal(await bo.overlay.locator('.witnesses li').count(), 2);
  await stage.keepPicture('people-merged');

  const lines = await bo.lines();
  const both = lines.filter(({ witnesses }) => witnesses !== undefined);
  for (const { witnesses } of both) assert.deepEqual(new Set(witnesses?.map(({ peer }) => peer === null)).size, 2);
  const ids = new Set(lines.map(({ id }) => id));
  const hidden = both.flatMap(({ id, witnesses }) => witnesses?.filter((each) => each.id !== id) ?? []);
  assert.ok(
    hidden.every(({ id }) => !ids.has(id)),
    'a reading that was merged is no row of its own',
  );
  context.diagnostic(`${both.length} of ${lines.length} lines have two witnesses`);
});

test('what is taken back goes no further', async () => {
  await chooseSharing(ana, 'Nothing');
  await bo.openPeople();
  await bo.overlay.locator('.talk-scope').getByText('You see: nothing').waitFor({ timeout: patienceMs });
  await pauseBo('paused');
  const before = await readingsOfAna();
  const had = linesOfAna().length;
  await waitForLinesOfAna(had + 4);
  // Behind the lines on the same way: once it is there, they would be, too.
  await ana.overlay.locator('.composer-text').fill(barrier);
  await ana.overlay.locator('.composer-text').press('Enter');
  await bo.overlay.locator('.talk-message').filter({ hasText: barrier }).waitFor({ timeout: patienceMs });
  const later = await readingsOfAna();
  const told = linesOfAna().slice(had);
  assert.ok(
    told.every((id) => !later.has(id)),
    'nothing that Ana read since is there',
  );
  assert.deepEqual(
    [...later].filter((id) => !before.has(id)),
    [],
    'nothing else came, either',
  );
});

test('who quits is gone at once for the other, and no process is left', async (context) => {
  await lobby.process.kill();
  const tree = [...listTree(ana.app.pid), ...listTree(bo.app.pid)];
  await ana.app.quit();
  const goneMs = performance.now();
  await talkEntry(bo, 'Ana').locator('.link-connected').waitFor({ state: 'detached', timeout: patienceMs });
  context.diagnostic(`not connected any more after ${Math.round(performance.now() - goneMs)} ms`);
  await bo.app.quit();
  assert.deepEqual(tree.filter(isRunning), []);
});
