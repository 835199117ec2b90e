/**
 * The windows of other programs: which there are, and what becomes of one that is followed. One interface, two makers:
 * `x11.ts` on Linux, `native.ts` (node-window-manager) on Windows and macOS.
 */

/** Pixels of the screen (not DIP); on macOS points, which is all that the system tells. */
export interface ScreenRect {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

export interface GameWindow {
  /** The number that Electron's capture source ids carry: `window:<id>:0`. */
  readonly id: number;
  readonly title: string;
  /** Name of the executable; null where the system does not tell. */
  readonly process: string | null;
}

export type WindowEvent =
  | { readonly kind: 'bounds'; readonly bounds: ScreenRect }
  | { readonly kind: 'minimised' }
  | { readonly kind: 'back'; readonly bounds: ScreenRect }
  | { readonly kind: 'gone' };

export interface WindowTracker {
  list(): Promise<readonly GameWindow[]>;
  /**
   * Follows one window; the one followed before is left. Events come until `gone`, beginning with `bounds` or
   * `minimised`; a window that is not there is `gone` at once.
   */
  follow(id: number, listener: (event: WindowEvent) => void): void;
  unfollow(): void;
  /** Gives the keyboard to a window. */
  activate(id: number): void;
  /** `listener` is called when windows may have come or gone. */
  onListChange(listener: () => void): void;
  close(): void;
}

/** The window's number in a capture source id; null for a screen. */
export function windowIdOf(sourceId: string): number | null {
  const match = /^window:(\d+):\d+$/.exec(sourceId);
  return match?.[1] === undefined ? null : Number(match[1]);
}
