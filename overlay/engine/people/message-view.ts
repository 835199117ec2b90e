/** A message of the log as the screen shows it: with how far it came at each of its receivers. */
import type { LogMessage } from '../../../storage/index.ts';
import type { DeliveryState, Message } from '../../ipc/index.ts';

/** @param receivers of an own message: those it goes to; a receiver that the log knows no state of has been sent it. */
export function viewMessage(message: LogMessage, receivers: readonly string[]): Message {
  const { id, atMs, peer, room, from, text } = message;
  const known = new Map<string, DeliveryState>(message.states.map(({ peer, state }) => [peer, state]));
  const isOwn = from === null;
  const parties = isOwn ? new Set([...receivers, ...known.keys()]) : [];
  const states = [...parties].map((party) => ({ peer: party, state: known.get(party) ?? ('sent' as const) }));
  const shown = isOwn || known.get(from) === 'shown';
  return { id, atMs, peer: room === null ? peer : null, room, from, text, states, shown };
}
