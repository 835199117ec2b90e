/**
 * One of two people in a test: a running app with a name and shortcuts of its own, so that both stand on one desktop,
 * and the ways through its screen that the tests about people walk.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import type { PeopleState } from '../../overlay/ipc/index.ts';
import type { LogLine } from '../../storage/log.ts';
import type { AppRun } from './app-run.ts';
import { waitUntil } from './processes.ts';
import type { Stage } from './stage.ts';

export interface Person {
  readonly name: string;
  readonly data: string;
  readonly app: AppRun;
  readonly overlay: Page;
  /** Presses one of this person's shortcuts. */
  press(action: 'interactive' | 'history' | 'people' | 'reply' | 'pause'): Promise<void>;
  /** Shows the People panel, whatever stood there before. */
  openPeople(): Promise<void>;
  openHistory(): Promise<void>;
  /** Closes the panel or the composer: the HUD alone is there. */
  toGame(): Promise<void>;
  people(): Promise<PeopleState>;
  /** The log as the History lists it, newest first. */
  lines(query?: string): Promise<readonly LogLine[]>;
}

/** Generous: two apps on a machine that others use as well. */
export const patienceMs = 60_000;

/** Keys of the shortcuts, by modifiers: two apps cannot hold the same. */
const keys = { interactive: 'L', history: 'H', people: 'K', reply: 'J', pause: 'P' } as const;
type KeyAction = keyof typeof keys;

function shortcutsOf(modifier: 'Shift' | 'Alt'): Readonly<Record<string, string>> {
  const entries = Object.entries(keys).map(([action, key]) => [action, `CommandOrControl+${modifier}+${key}`]);
  return { ...Object.fromEntries(entries), 'mark-lobby': `CommandOrControl+${modifier}+M` };
}

/** Starts an app that reads the practice lobby where there is one; it ends with the stage. */
export async function startPerson(stage: Stage, name: string, modifier: 'Shift' | 'Alt'): Promise<Person> {
  const data = join(stage.folder, `data-${name.toLowerCase()}`);
  mkdirSync(data);
  writeFileSync(join(data, 'settings.json'), JSON.stringify({ shortcuts: shortcutsOf(modifier), welcomed: true }));
  const app = await stage.launchApp(['--data', data, '--practice']);
  const { overlay } = app;
  // Held as soon as main is up, which the page does not wait for.
  await waitUntil('the shortcuts', () => shortcutsAreHeld(app, modifier), patienceMs);
  const panel = overlay.locator('.panel');
  const press = (action: KeyAction): Promise<void> =>
    stage.desktop.pressKeys(`ctrl+${modifier.toLowerCase()}+${keys[action].toLowerCase()}`);
  const open = async (shown: 'people' | 'history'): Promise<void> => {
    const { interactive, composing } = await app.state();
    // A second press on the same shortcut would close it.
    if (!interactive || composing) await press(shown);
    await overlay.locator(`#tab-${shown}`).click();
    await overlay.locator(`#tab-${shown}[aria-selected="true"]`).waitFor({ timeout: patienceMs });
  };
  return {
    name,
    data,
    app,
    overlay,
    press,
    openPeople: () => open('people'),
    openHistory: () => open('history'),
    async toGame() {
      if ((await app.state()).interactive) await press('interactive');
      await panel.waitFor({
        state: 'detached',
        timeout: patienceMs,
      });
      await overlay.locator('.reply-card').waitFor({
        state: 'detached',
        timeout: patienceMs,
      });
    },
    async people() {
      const answer = await overlay.evaluate(() => window.lobbykeep.invoke('people.state', null));
      if (!answer.ok) throw new Error(`Expected the state of people but received: ${answer.error.message}`);
      return answer.value;
    },
    async lines(query = '') {
      const found = await overlay.evaluate(
        (wanted) =>
          window.lobbykeep.invoke('log.search', {
            query: wanted,
            limit: 500,
            cursor: null,
          }),
        query,
      );
      if (!found.ok) throw new Error(`Expected lines but received: ${found.error.message}`);
      return found.value.lines;
    },
  };
}

function shortcutsAreHeld(app: AppRun, modifier: 'Shift' | 'Alt'): Promise<boolean> {
  const accelerators = Object.values(shortcutsOf(modifier));
  return app.electron.evaluate(
    ({ globalShortcut }, wanted) => wanted.every((accelerator) => globalShortcut.isRegistered(accelerator)),
    accelerators,
  );
}

/** The entry of a conversation in the list on the left. */
export function talkEntry({ overlay }: Person, name: string): Locator {
  return overlay.locator('.side-entry').filter({ hasText: name });
}

/** Gives the person a name, under *My code*. */
export async function introduce(person: Person): Promise<void> {
  const { overlay, name } = person;
  await person.openPeople();
  await overlay.getByRole('button', { name: 'My code' }).click();
  await overlay.locator('#my-name').fill(name);
  await overlay.getByRole('button', { name: 'Save' }).click();
  await waitUntil(`the name ${name}`, async () => (await person.people()).me.name === name, patienceMs);
}

/** The code as the screen shows it, group by group. */
export async function readCode({ overlay }: Person): Promise<string> {
  const groups = overlay.locator('.code-card .code-group');
  await groups.first().waitFor({ timeout: patienceMs });
  return (await groups.allTextContents()).join(' ');
}

/** Chooses what a contact may see, in the dialog of the conversation that stands open. */
export async function chooseSharing({ overlay }: Person, kind: string): Promise<void> {
  await overlay.getByRole('button', { name: 'Sharing…' }).click();
  await overlay
    .locator('.sharing-kind')
    .filter({ has: overlay.locator('b', { hasText: kind }) })
    .click();
  await overlay.locator('.sharing button[type="submit"]').click();
  await overlay.locator('.sharing').waitFor({ state: 'detached', timeout: patienceMs });
}
