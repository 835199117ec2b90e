/**
 * The rows of a conversation: messages with a line before each day, one before what is unread, and a name where another
 * person begins to speak.
 */
import type { Message } from '../../ipc/index.ts';

export type TalkRow =
  | { readonly kind: 'day'; readonly key: string; readonly atMs: number }
  | { readonly kind: 'unread'; readonly key: string }
  | {
      readonly kind: 'message';
      readonly key: string;
      readonly message: Message;
      /** Whether its writer, or a pause, begins here: name and time are written. */
      readonly leads: boolean;
    };

/** Start (inclusive) and end (exclusive) of the local day of a time, Unix ms. */
type DayOf = (atMs: number) => { readonly fromMs: number; readonly toMs: number };

/** Messages of one writer stand together when no more than this lies between them. */
const togetherMs = 5 * 60_000;

/** The rows of `messages` (oldest first); `firstUnread` names the message before which the mark stands. */
export function buildTalkRows(
  messages: readonly Message[],
  firstUnread: string | null,
  dayOf: DayOf,
): readonly TalkRow[] {
  const rows: TalkRow[] = [];
  let day = { fromMs: 0, toMs: 0 };
  let before: Message | null = null;
  for (const message of messages) {
    let broken = before === null || before.from !== message.from || message.atMs - before.atMs > togetherMs;
    if (message.atMs < day.fromMs || message.atMs >= day.toMs) {
      day = dayOf(message.atMs);
      rows.push({ kind: 'day', key: `day ${message.id}`, atMs: message.atMs });
      broken = true;
    }
    if (message.id === firstUnread) {
      rows.push({ kind: 'unread', key: `unread ${message.id}` });
      broken = true;
    }
    rows.push({ kind: 'message', key: message.id, message, leads: broken });
    before = message;
  }
  return rows;
}
