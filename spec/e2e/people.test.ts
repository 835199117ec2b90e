/**
 * Two people on one network, everything real: two copies of the app find each other by a code, talk, and share what they
 * read of one lobby, until one of them takes it back.
 */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
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
let lobby: LobbyRun;

before(async () => {
  stage = await openStage();
  ana = await startPerson(stage, 'Ana', 'Shift');
  bo = await startPerson(stage, 'Bo', 'Alt');
});
after(() => stage.close());

/** Lines that this person's own reader kept so far. */
function ownLines(person: Person): readonly string[] {
  return person.app.kept.flatMap(({ id, origin }) => (origin === undefined ? [id] : []));
}

async function waitForOwnLines(person: Person, count: number): Promise<void> {
  await waitUntil(`${count} lines read by ${person.name}`, () => ownLines(person).length >= count, 2 * patienceMs);
}

/** Lines that only Ana read, in Bo's log, newest first. */
async function foreignLines(): Promise<readonly string[]> {
  return (await bo.lines()).flatMap(({ id, origin }) => (origin === undefined ? [] : [id]));
}

test('a code from one screen, typed into another, asks; a click accepts; both are connected', async (context) => {
  await introduce(ana);
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
  await bo.press('pause');
  await waitUntil('the pause', async () => (await bo.app.state()).capture.kind === 'paused', patienceMs);
  lobby = await stage.startLobby(['--seed', '23', '--speed', '1', '--fps', '12', '--lobby-every', '600']);
  await waitForOwnLines(ana, 4);
  assert.deepEqual(await foreignLines(), [], 'nothing is shared before it is chosen');

  await chooseSharing(ana, 'New lines');
  const before = new Set(ownLines(ana));
  await bo.overlay.locator('.talk-scope').getByText('You see: new lines').waitFor({ timeout: patienceMs });
  await waitUntil('a shared line', async () => (await foreignLines()).length >= 3, 2 * patienceMs);
  const live = await foreignLines();
  assert.ok(live.every((id) => !before.has(id) || !live.includes(id)));
  await bo.openHistory();
  const row = bo.overlay.locator(`#line-${live[0]}`);
  await row.locator('.witness-chip').getByText('Ana', { exact: true }).waitFor({ timeout: patienceMs });
  assert.equal(await bo.overlay.locator('.hud .hud-lines:not(.hud-talk) .hud-line').count(), 0, "not in Bo's own chat");
  await stage.keepPicture('people-shared');

  await chooseSharing(ana, 'New and kept lines');
  await waitUntil(
    'the kept lines',
    async () => {
      const there = new Set(await foreignLines());
      return [...before].every((id) => there.has(id));
    },
    2 * patienceMs,
  );
});

test('what both read is one line with two witnesses', async (context) => {
  await bo.press('pause');
  const merged = bo.overlay.locator('.line-row').filter({ has: bo.overlay.getByText('You, Ana', { exact: true }) });
  await merged.nth(2).waitFor({ timeout: 3 * patienceMs });
  await merged.first().click();
  await bo.overlay.locator('.witnesses').getByText('Read by 2').waitFor({ timeout: patienceMs });
  assert.equal(await bo.overlay.locator('.witnesses li').count(), 2);
  await stage.keepPicture('people-merged');

  const lines = await bo.lines();
  const both = lines.filter(({ witnesses }) => witnesses !== undefined);
  for (const { witnesses } of both) assert.deepEqual(new Set(witnesses?.map(({ peer }) => peer === null)).size, 2);
  const ids = lines.map(({ id }) => id);
  const hidden = both.flatMap(({ id, witnesses }) => witnesses?.filter((each) => each.id !== id) ?? []);
  assert.ok(hidden.every(({ id }) => !ids.includes(id)), 'a reading that was merged is no row of its own');
  context.diagnostic(`${both.length} of ${lines.length} lines have two witnesses`);
});

test('what is taken back goes no further', async () => {
  await chooseSharing(ana, 'Nothing');
  await bo.openPeople();
  await bo.overlay.locator('.talk-scope').getByText('You see: nothing').waitFor({ timeout: patienceMs });
  await bo.press('pause');
  await waitUntil('the pause', async () => (await bo.app.state()).capture.kind === 'paused', patienceMs);
  const before = await bo.lines();
  const had = ownLines(ana).length;
  await waitForOwnLines(ana, had + 4);
  // Behind the lines on the same way: once it is there, they would be, too.
  await ana.overlay.locator('.composer-text').fill(barrier);
  await ana.overlay.locator('.composer-text').press('Enter');
  await bo.overlay.locator('.talk-message').filter({ hasText: barrier }).waitFor({ timeout: patienceMs });
  const later = await bo.lines();
  const known = new Set(before.flatMap(({ id, witnesses }) => [id, ...(witnesses ?? []).map((each) => each.id)]));
  const told = ownLines(ana).slice(had);
  const all = later.flatMap(({ id, witnesses }) => [id, ...(witnesses ?? []).map((each) => each.id)]);
  assert.deepEqual(all.filter((id) => told.includes(id)), []);
  assert.deepEqual(all.filter((id) => !known.has(id)), []);
});

test('both quit and leave no process behind', async () => {
  await lobby.process.kill();
  const tree = [...listTree(ana.app.pid), ...listTree(bo.app.pid)];
  await ana.app.quit();
  await talkEntry(bo, 'Ana').locator('.link-away').waitFor({ timeout: patienceMs });
  await bo.app.quit();
  assert.deepEqual(tree.filter(isRunning), []);
});
