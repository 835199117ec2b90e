/** Looks for the chat in the whole captured picture, once a second, for as long as main wants it to be looked for. */
import { ChatFinder } from '../../find/chat-finder.ts';
import type { GrabRegion } from './messages.ts';

/** Text of a chat is some 20 px high in a picture of this width; larger ones only cost more. */
const SEARCH_WIDTH_PX = 1280;
const SEARCH_INTERVAL_MS = 1_000;
/** A game without a chat is not looked at for ever, nor one whose chat is well known. */
const LOOKS = 900;
const JUMPS = 12;

export interface FoundChat {
  /** Relative to the captured picture. */
  readonly region: GrabRegion;
  readonly jumps: number;
}

export class ChatSearch {
  #on = false;
  #finder = new ChatFinder('light');
  #looks = 0;
  #lastMs = Number.NEGATIVE_INFINITY;
  #jumps = 0;
  #told = '';

  /** Switched on it begins anew. */
  set on(on: boolean) {
    if (on && !this.#on) {
      this.#finder = new ChatFinder('light');
      this.#looks = 0;
      this.#jumps = 0;
      this.#told = '';
    }
    this.#on = on;
  }

  /** What was found, where it has changed; else null. `image` stays the caller's. */
  take(image: CanvasImageSource, widthPx: number, heightPx: number, nowMs: number): FoundChat | null {
    if (!this.#on || this.#looks >= LOOKS || this.#jumps >= JUMPS) return null;
    if (nowMs - this.#lastMs < SEARCH_INTERVAL_MS) return null;
    this.#lastMs = nowMs;
    this.#looks += 1;
    const scale = Math.min(1, SEARCH_WIDTH_PX / widthPx);
    const [width, height] = [Math.max(1, Math.round(widthPx * scale)), Math.max(1, Math.round(heightPx * scale))];
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
    if (context === null) return null;
    context.drawImage(image, 0, 0, width, height);
    const { data } = context.getImageData(0, 0, width, height);
    this.#finder.look({ tMs: nowMs, width, height, pixels: new Uint8Array(data.buffer) });
    const proposal = this.#finder.propose();
    if (proposal === null) return null;
    this.#jumps = proposal.jumps;
    const { x, y, w, h } = proposal.rect;
    const region = { x: x / width, y: y / height, w: w / width, h: h / height };
    const told = JSON.stringify(region);
    if (told === this.#told) return null;
    this.#told = told;
    return { region, jumps: proposal.jumps };
  }
}
