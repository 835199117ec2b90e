/**
 * What the state keeps of people who are no contacts any more: a crash may have come between the book's forgetting them and
 * the state's. Taken away when the program starts.
 */
import type { StateChange, StateStore } from '../../storage/state.ts';
import { isPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';

/** As `peerKey` of `net/peer-state.ts` makes them. */
const prefix = 'net/';

/** Removes all that is kept of peers whom `isKnown` does not know. */
export function strayChanges(state: StateStore, isKnown: (peer: PeerId) => boolean): readonly StateChange[] {
  return state.list(prefix).flatMap(([key]) => {
    const peer = key.split('/')[1] ?? '';
    return isPeerId(peer) && isKnown(peer) ? [] : [{ key, value: null }];
  });
}
