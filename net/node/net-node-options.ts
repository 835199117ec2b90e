/** What a `NetNode` takes from the world. */
import type { EntryId } from '../../storage/entry.ts';
import type { StateStore } from '../../storage/state.ts';
import type { ContactBook } from '../contacts/index.ts';
import type { SharedLog } from '../sync/shared-log.ts';
import type { Datagrams } from '../transport/index.ts';
import type { Clock, RandomBytes } from '../world.ts';
import type { NetEvents } from './net-events.ts';

export interface NetNodeOptions {
  readonly clock: Clock;
  readonly random: RandomBytes;
  readonly newId: () => EntryId;
  readonly state: StateStore;
  readonly log: SharedLog;
  /** Opened over the same state; stays the caller's. Its `onChange` must call `bookChanged`. */
  readonly book: ContactBook;
  readonly datagrams: Datagrams;
  readonly events: NetEvents;
  /** `nextMs` may have come nearer. */
  readonly wake: () => void;
}
