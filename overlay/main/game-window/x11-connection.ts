/**
 * A connection to the X server with the few questions that the tracker asks, as promises. A window may vanish between two
 * questions: an answer is then null, never an error.
 */
import type { Display, Reply, XEvent } from 'x11';

/** AnyPropertyType of the protocol. */
const ANY_TYPE = 0;
/** Longest property read, in 4-byte units: 4,096 windows, or a title of 16 KiB. */
const PROPERTY_UNITS = 4_096;
const VIEWABLE = 2;

export interface WindowPlace {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export class X11Connection {
  readonly #display: Display;
  readonly #atoms = new Map<string, number>();
  readonly #listeners = new Set<(event: XEvent) => void>();
  #open = true;
  readonly root: number;

  private constructor(display: Display, onEnd: () => void) {
    this.#display = display;
    this.root = display.screen[0]?.root ?? 0;
    display.client.on('event', (event) => {
      for (const listener of this.#listeners) listener(event);
    });
    display.client.on('end', () => {
      this.#open = false;
      onEnd();
    });
  }

  /** `display` as in `DISPLAY`. Rejects with the system's error where no X server answers. */
  static async open(display: string, onEnd: () => void): Promise<X11Connection> {
    const { default: x11 } = await import('x11');
    return new Promise((resolve, reject) => {
      const client = x11.createClient({ display }, (error, found) => {
        if (error === undefined) resolve(new X11Connection(found, onEnd));
        else reject(error);
      });
      // Errors of requests without a reply (a window that vanished before it was watched) change nothing.
      client.on('error', (error) => reject(error));
    });
  }

  onEvent(listener: (event: { readonly name: string; readonly window: number; readonly atom: number }) => void): void {
    this.#listeners.add(({ name, wid, atom }) => listener({ name, window: wid ?? 0, atom: atom ?? 0 }));
  }

  async atom(name: string): Promise<number> {
    const known = this.#atoms.get(name);
    if (known !== undefined) return known;
    const atom = (await this.#ask<number>((reply) => this.#display.client.InternAtom(false, name, reply))) ?? 0;
    this.#atoms.set(name, atom);
    return atom;
  }

  /** The elements of a property of 32-bit values; empty where it is not set. */
  async numbers(window: number, property: string): Promise<readonly number[]> {
    const data = await this.#property(window, property);
    if (data === null) return [];
    return Array.from({ length: Math.floor(data.length / 4) }, (_, index) => data.readUInt32LE(index * 4));
  }

  async text(window: number, property: string): Promise<string | null> {
    const data = await this.#property(window, property);
    return data === null || data.length === 0 ? null : data.toString('utf8');
  }

  /** Where the window's content stands on the root, px; null where the window is gone. */
  async place(window: number): Promise<WindowPlace | null> {
    const { client } = this.#display;
    const [size, at] = await Promise.all([
      this.#ask<{ readonly width: number; readonly height: number }>((reply) => client.GetGeometry(window, reply)),
      this.#ask<{ readonly destX: number; readonly destY: number }>((reply) =>
        client.TranslateCoordinates(window, this.root, 0, 0, reply),
      ),
    ]);
    if (size === null || at === null) return null;
    return { x: at.destX, y: at.destY, width: size.width, height: size.height };
  }

  /** Whether the window and all it stands in are mapped; null where it is gone. */
  async isViewable(window: number): Promise<boolean | null> {
    const attributes = await this.#ask<{ readonly mapState: number }>((reply) =>
      this.#display.client.GetWindowAttributes(window, reply),
    );
    return attributes === null ? null : attributes.mapState === VIEWABLE;
  }

  /** Whether a compositing manager runs: without one a transparent window is black. */
  async hasCompositor(): Promise<boolean> {
    const selection = await this.atom('_NET_WM_CM_S0');
    const owner = await this.#ask<number>((reply) => this.#display.client.GetSelectionOwner(selection, reply));
    return owner !== null && owner !== 0;
  }

  /** Events of properties, and where `structure` is set of moves, maps and the end, of a window. */
  async watch(window: number, structure: boolean): Promise<void> {
    const { default: x11 } = await import('x11');
    const { PropertyChange, StructureNotify } = x11.eventMask;
    this.#select(window, structure ? PropertyChange | StructureNotify : PropertyChange);
  }

  unwatch(window: number): void {
    this.#select(window, 0);
  }

  /** Asks the window manager to give a window the keyboard (EWMH `_NET_ACTIVE_WINDOW`, source: application). */
  async activate(window: number): Promise<void> {
    const type = await this.atom('_NET_ACTIVE_WINDOW');
    if (this.#open) this.#display.client.SendClientMessage(this.root, window, type, 32, [1, 0, 0, 0, 0]);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    this.#display.client.terminate();
  }

  #select(window: number, eventMask: number): void {
    if (this.#open) this.#display.client.ChangeWindowAttributes(window, { eventMask });
  }

  async #property(window: number, property: string): Promise<Buffer | null> {
    const atom = await this.atom(property);
    const found = await this.#ask<{ readonly format: number; readonly data: Buffer }>((reply) =>
      this.#display.client.GetProperty(0, window, atom, ANY_TYPE, 0, PROPERTY_UNITS, reply),
    );
    return found === null || found.format === 0 ? null : found.data;
  }

  #ask<T>(request: (reply: Reply<T>) => void): Promise<T | null> {
    if (!this.#open) return Promise.resolve(null);
    return new Promise((resolve) => {
      request((error, value) => {
        resolve(error === null || error === undefined ? value : null);
        return true;
      });
    });
  }
}
