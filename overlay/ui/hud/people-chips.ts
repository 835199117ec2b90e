/**
 * What the HUD says of people beside their messages: how many are unread and not in sight, and a network that fails.
 */
import type { PeopleState } from '../../ipc/index.ts';
import { unreadCount } from '../people/conversations.ts';
import type { HudTalk } from './hud-talk.ts';
import type { StatusChip } from './status-chips.ts';

/** The gravest first; none while all is read and the network is well. */
export function peopleChips(people: PeopleState | null, talk: HudTalk): readonly StatusChip[] {
  if (people === null) return [];
  const chips: StatusChip[] = [];
  if (people.network.kind === 'failed') {
    chips.push({ tone: 'warn', text: people.network.message ?? 'The network failed: nobody can be reached' });
  }
  const inSight = talk.messages.filter(({ shown }) => !shown).length;
  const hidden = unreadCount(people) - inSight;
  if (hidden > 0) chips.push({ tone: 'info', text: hidden === 1 ? '1 unread message' : `${hidden} unread messages` });
  return chips;
}
