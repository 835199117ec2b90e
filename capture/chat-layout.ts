/**
 * Chat layout: what the reader learns of how this chat is laid out and who speaks in it, and what follows from it: whether
 * a row of text is chat at all, and whether it goes on with the line of the row above.
 */
import type { Reading } from './events.ts';
import type { Tracker } from './image/track.ts';
import { Votes } from './image/votes.ts';
import type { Grammar } from './parse/grammar.ts';
import type { Row } from './row.ts';

const MAX_SPEAKERS = 64;
/** From this confidence on a name is remembered. */
const SURE_SPEAKER = 0.6;
/** A row further to the right than this many line heights begins no line. */
const FURTHEST_START = 3;
/** A row further to the right than this many line heights is indented. */
const LEAST_INDENT = 0.4;
/** How wide lines become is known after this many rows. */
const LEAST_ROWS = 3;
/** Lines come below the others: above one, a doubtful reading is what is left of a line that fades. */
const LATE_CONFIDENCE = 0.85;
/** Rows of one line appear within this time of each other, ms. */
const SAME_LINE_MS = 1500;

export class ChatLayout {
  readonly #grammar: Grammar;
  /** Right edge of the longest row, region px, and how many rows were seen. */
  #widest = 0;
  #rows = 0;
  /** By how many px rows that went on with the line above were indented. */
  readonly #indents = new Votes();
  /** Who spoke or came last, newest last: a line by one of them is chat, however doubtful its reading. */
  readonly #speakers = new Set<string>();

  constructor(grammar: Grammar) {
    this.#grammar = grammar;
  }

  /** Takes a row of chat into account. */
  learnRow(row: Row): void {
    this.#widest = Math.max(this.#widest, row.strip.span.right);
    this.#rows++;
  }

  /** Takes a row into account that goes on with the line of the row above. */
  learnContinuation(row: Row, tracker: Tracker): void {
    const indentPx = tracker.indentPx(row.strip);
    if (indentPx > row.strip.heightPx * LEAST_INDENT) this.#indents.add(indentPx);
  }

  /** Takes into account who speaks, or came to speak. */
  learnSpeaker({ speaker, presence, confidence }: Reading): void {
    const name = speaker ?? (presence?.kind === 'joins' ? presence.who : null);
    if (name === null || confidence < SURE_SPEAKER) return;
    this.#speakers.delete(name);
    this.#speakers.add(name);
    for (const oldest of this.#speakers) {
      if (this.#speakers.size <= MAX_SPEAKERS) break;
      this.#speakers.delete(oldest);
    }
  }

  /**
   * Scene that looks like strokes reads as few, doubtful characters; chat reads as words, or has the form of chat.
   * @param above the row of chat right above, null where there is none.
   * @param isLate whether it came after a line that stands below it.
   */
  isChat(row: Row, above: Row | null, tracker: Tracker, isLate: boolean): boolean {
    if (isLate && row.confidence < LATE_CONFIDENCE) return false;
    const letters = row.text.match(/[\p{L}\p{N}]/gu)?.length ?? 0;
    if (letters === 0) return false;
    const { structured, speaker } = this.#grammar.parse(row.text);
    if (!structured && above !== null && this.continues(row, above, tracker)) return row.confidence >= 0.3;
    if (tracker.indentPx(row.strip) > row.strip.heightPx * FURTHEST_START) return false;
    if (speaker !== null && this.#speakers.has(speaker)) return true;
    return structured ? row.confidence >= 0.3 : letters >= 3 && row.confidence >= 0.55;
  }

  /**
   * Whether `row` goes on with the line of the row above. Chats that indent such rows always do; in others the row
   * above must be so full that the first word of this one had no room in it.
   */
  continues(row: Row, above: Row, tracker: Tracker): boolean {
    const indentPx = tracker.indentPx(row.strip);
    const usualPx = this.#indents.mostOf(2);
    const isUsual = usualPx !== null && Math.abs(indentPx - usualPx) <= 3;
    // A row that was lost and found again is as old as its strip. Where it is indented as such rows are, time tells nothing.
    if (!isUsual && Math.abs(row.strip.firstMs - above.strip.firstMs) > SAME_LINE_MS) return false;
    const { structured } = this.#grammar.parse(row.text);
    if (indentPx > row.strip.heightPx * LEAST_INDENT) return !structured || isUsual;
    if (structured || usualPx !== null || this.#rows < LEAST_ROWS) return false;
    const { left, right } = row.strip.span;
    const firstWord = row.text.indexOf(' ') + 1 || row.text.length;
    const firstWordPx = ((right - left) * firstWord) / Math.max(1, row.text.length);
    const aboveRight = above.strip.span.right;
    const roomPx = Math.max(this.#widest, aboveRight) - aboveRight;
    return aboveRight > tracker.widthPx * 0.4 && firstWordPx > roomPx - row.strip.heightPx * 0.3;
  }
}
