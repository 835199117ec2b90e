/**
 * What the reader tells the world: lines, better readings of them, lobby marks and its own state. Plain data that
 * survives structured cloning, because the reader lives in a process of its own.
 */

/** Who came to the lobby, or left it. */
export interface Presence {
  readonly kind: 'joins' | 'leaves';
  readonly who: string;
}

/** One reading of one chat line (wrapped rows joined). */
export interface Reading {
  /** The full line as drawn, rows joined by one space. */
  readonly line: string;
  /** Who spoke, as the profile's grammar found it; null for system lines and where no speaker was found. */
  readonly speaker: string | null;
  /** The line without stamp, channel mark and speaker. */
  readonly text: string;
  /** A channel of the profile (`all`, `team`, `whisper`, `system`, ...); `all` where the profile tells none. */
  readonly channel: string;
  /** The engine's confidence in the whole line, 0 to 1. */
  readonly confidence: number;
  /** Main colour of the text by run, left to right, `#rrggbb`, at most 8. */
  readonly colours: readonly string[];
  /** The game draws it as what the user said. */
  readonly own?: true;
  /** The line tells that somebody came or went. */
  readonly presence?: Presence;
}

/** A small picture of the line's pixels, for looking at doubtful readings. */
export interface StripPicture {
  readonly mime: 'image/png' | 'image/webp';
  readonly widthPx: number;
  readonly heightPx: number;
  /** Encoded picture, at most 64 KiB. */
  readonly bytes: Uint8Array;
}

/** Why a lobby is held to have ended and the next begun. */
export type LobbyReason = 'chat-replaced' | 'pattern' | 'window' | 'user';

/** Named states of the reader; the overlay shows each of them, so that it never fails silently. */
export type ReaderState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'reading' }
  /** Frames arrive, no line was seen for `quietMs`. */
  | { readonly kind: 'no-text'; readonly quietMs: number }
  /** The frames are one flat colour: minimised, protected or covered window. */
  | { readonly kind: 'black' }
  /** No frame arrived for a while. */
  | { readonly kind: 'no-frames' }
  /** The region is too small to hold a line. */
  | { readonly kind: 'region-too-small'; readonly widthPx: number; readonly heightPx: number }
  | { readonly kind: 'engine-failed'; readonly message: string };

/**
 * `key` names a line within one run of the reader, and across runs for lines handed back by `resume`.
 * `tMs` is the time of the frame whose processing caused the event.
 */
export type ReaderEvent =
  | {
      readonly kind: 'line';
      readonly key: string;
      readonly tMs: number;
      /** Time of the first frame that showed the line; lines stand in the log in this order. At most `tMs`. */
      readonly firstMs: number;
      readonly reading: Reading;
      readonly picture: StripPicture | null;
    }
  | {
      readonly kind: 'revision';
      readonly key: string;
      readonly tMs: number;
      readonly reading: Reading;
      readonly picture: StripPicture | null;
    }
  | { readonly kind: 'lobby'; readonly tMs: number; readonly reason: LobbyReason; readonly name: string | null }
  | { readonly kind: 'state'; readonly tMs: number; readonly state: ReaderState };

/** A line that is already kept, handed to a fresh reader so that it recognises what is still on screen. */
export interface KnownLine {
  readonly key: string;
  readonly line: string;
}

/** Figures of one reader since it started. */
export interface ReaderStats {
  readonly frames: number;
  /** Frames after which nothing was to be read: every line of them was known. */
  readonly unchanged: number;
  /** Strips that wait for an engine now. */
  readonly waiting: number;
  /** Strips given to an engine. */
  readonly reads: number;
  readonly lines: number;
  readonly revisions: number;
}

/** What the reader saw in one frame, for the Capture panel. */
export interface ReaderSight {
  readonly tMs: number;
  readonly width: number;
  readonly height: number;
  /** Text mask, one byte a pixel, 0 or 255, row-major. */
  readonly mask: Uint8Array;
  readonly strips: readonly {
    /** Region pixels, top inclusive, bottom exclusive. */
    readonly topPx: number;
    readonly bottomPx: number;
    readonly state: 'held' | 'provisional' | 'settled';
    readonly reading: Reading | null;
  }[];
  readonly stats: ReaderStats;
}
