/**
 * Windows on X11, by the window manager's own properties (EWMH). Changes come as events; nothing is polled.
 * Source: https://specifications.freedesktop.org/wm-spec/latest/
 */
import { readFile } from 'node:fs/promises';
import type { Result } from '../result.ts';
import type { GameWindow, WindowEvent, WindowTracker } from './tracker.ts';
import { X11Connection } from './x11-connection.ts';

/** `state` of WM_STATE (ICCCM 4.1.3.1). */
const ICONIC_STATE = 3;
/** Window managers slide a window back to its place and send no event at the end of it (openbox: 0.2 s). */
const SETTLE_MS = 500;

export class X11Tracker implements WindowTracker {
  readonly #x: X11Connection;
  readonly #hiddenAtom: number;
  readonly #listAtom: number;
  #followed: { readonly id: number; readonly listener: (event: WindowEvent) => void } | null = null;
  /** What was told of the followed window. */
  #told: 'nothing' | 'shown' | 'minimised' = 'nothing';
  #checking = false;
  #checkAgain = false;
  #settling: NodeJS.Timeout | undefined = undefined;
  #listListener: () => void = () => {};

  private constructor(x: X11Connection, hiddenAtom: number, listAtom: number) {
    this.#x = x;
    this.#hiddenAtom = hiddenAtom;
    this.#listAtom = listAtom;
  }

  /** `display` as in `DISPLAY`; `onEnd` is called when the X server goes. */
  static async open(display: string, onEnd: () => void): Promise<Result<X11Tracker, { readonly message: string }>> {
    try {
      const x = await X11Connection.open(display, onEnd);
      const [hidden, list] = await Promise.all([x.atom('_NET_WM_STATE_HIDDEN'), x.atom('_NET_CLIENT_LIST')]);
      const tracker = new X11Tracker(x, hidden, list);
      x.onEvent(({ name, window, atom }) => tracker.#take(name, window, atom));
      await x.watch(x.root, false);
      return { ok: true, value: tracker };
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      return { ok: false, error: { message: `The X server ${display} does not answer (${why}).` } };
    }
  }

  async list(): Promise<readonly GameWindow[]> {
    const ids = await this.#x.numbers(this.#x.root, '_NET_CLIENT_LIST');
    const found = await Promise.all(ids.map((id) => this.#describe(id)));
    return found.filter((window) => window !== null);
  }

  follow(id: number, listener: (event: WindowEvent) => void): void {
    this.unfollow();
    this.#followed = { id, listener };
    this.#told = 'nothing';
    this.#x.watch(id, true).then(
      () => this.#check(),
      (error: unknown) => console.error(error),
    );
  }

  unfollow(): void {
    clearTimeout(this.#settling);
    if (this.#followed === null) return;
    this.#x.unwatch(this.#followed.id);
    this.#followed = null;
  }

  activate(id: number): void {
    this.#x.activate(id).catch((error: unknown) => console.error(error));
  }

  onListChange(listener: () => void): void {
    this.#listListener = listener;
  }

  hasCompositor(): Promise<boolean> {
    return this.#x.hasCompositor();
  }

  close(): void {
    this.unfollow();
    this.#x.close();
  }

  async #describe(id: number): Promise<GameWindow | null> {
    const [name, plainName, pids] = await Promise.all([
      this.#x.text(id, '_NET_WM_NAME'),
      this.#x.text(id, 'WM_NAME'),
      this.#x.numbers(id, '_NET_WM_PID'),
    ]);
    const title = name ?? plainName;
    if (title === null) return null;
    const [pid] = pids;
    return { id, title, process: pid === undefined ? null : await processName(pid) };
  }

  #take(name: string, window: number, atom: number): void {
    if (window === this.#x.root) {
      if (name === 'PropertyNotify' && atom === this.#listAtom) this.#listListener();
      return;
    }
    if (window !== this.#followed?.id) return;
    if (name === 'DestroyNotify') this.#gone();
    else this.#check();
  }

  #gone(): void {
    const followed = this.#followed;
    this.#followed = null;
    followed?.listener({ kind: 'gone' });
  }

  /** Looks at the followed window; events that come meanwhile make it look once more, not once each. */
  #check(): void {
    if (this.#checking) {
      this.#checkAgain = true;
      return;
    }
    this.#checking = true;
    this.#look()
      .catch((error: unknown) => console.error(error))
      .finally(() => {
        this.#checking = false;
        if (!this.#checkAgain) return;
        this.#checkAgain = false;
        this.#check();
      });
  }

  async #look(): Promise<void> {
    const followed = this.#followed;
    if (followed === null) return;
    const { id, listener } = followed;
    const [bounds, viewable, [wmState], states] = await Promise.all([
      this.#x.place(id),
      this.#x.isViewable(id),
      this.#x.numbers(id, 'WM_STATE'),
      this.#x.numbers(id, '_NET_WM_STATE'),
    ]);
    if (this.#followed !== followed) return;
    if (bounds === null || viewable === null) return this.#gone();
    const minimised = !viewable || wmState === ICONIC_STATE || states.includes(this.#hiddenAtom);
    if (minimised) {
      if (this.#told !== 'minimised') listener({ kind: 'minimised' });
      this.#told = 'minimised';
      return;
    }
    const kind = this.#told === 'minimised' ? 'back' : 'bounds';
    this.#told = 'shown';
    if (kind === 'back') this.#settling = setTimeout(() => this.#check(), SETTLE_MS);
    listener({ kind, bounds });
  }
}

/** Name of the executable as Linux tells it (at most 15 characters); null where the process is gone or another's. */
async function processName(pid: number): Promise<string | null> {
  try {
    return (await readFile(`/proc/${pid}/comm`, 'utf8')).trim();
  } catch (error) {
    if (error instanceof Error && 'code' in error) return null;
    throw error;
  }
}
