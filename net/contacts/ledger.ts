/**
 * Makes changes of the book one after the other: decide on what is on disk, write all of the decision at once, and only
 * when the disk kept it, show it. A write that failed is taken back, since the store holds on to it: see `StateStore.write`.
 */
import type { Result } from '../../storage/index.ts';
import type { StateChange, StateStore } from '../../storage/state.ts';
import type { PeerId } from '../peer-id.ts';
import type { BookChange, BookPages } from './book-pages.ts';
import { encodeRecord, personKey, seenKey, stampKey, tokenKey } from './book-record.ts';
import type { BookRecord } from './book-record.ts';
import { fail, notKept } from './contact-error.ts';
import type { ContactError } from './contact-error.ts';
import type { Decide } from './decision.ts';

/** Decisions that wait for the disk. Users do not click so fast, and the door of requests lets fewer in. */
const waitingLimit = 256;

export interface LedgerOptions {
  readonly store: StateStore;
  readonly pages: BookPages;
  /** What belongs to a person beside her record, as it is in memory: it changes without the ledger. */
  readonly companionsOf: (peer: PeerId) => readonly BookRecord[];
  /** Told of changes that are on disk and in `pages`. */
  readonly onChange: (changes: readonly BookChange[]) => void;
}

export class Ledger {
  readonly #options: LedgerOptions;
  #waiting = 0;
  #last: Promise<void> = Promise.resolve();

  constructor(options: LedgerOptions) {
    this.#options = options;
  }

  /** Resolves when the decision is on disk. `decide` is called when all decisions before are through. */
  async change<T>(decide: Decide<T>): Promise<Result<T, ContactError>> {
    if (this.#waiting >= waitingLimit) {
      return fail('busy', 'The disk does not keep up, so this was not done. Nothing was changed. Try again later.');
    }
    this.#waiting += 1;
    const before = this.#last;
    const turn = before.then(() => this.#take(decide));
    // The next in line goes on whatever becomes of this one; who called is told by `turn`.
    this.#last = turn.then(
      () => undefined,
      () => undefined,
    );
    try {
      return await turn;
    } finally {
      this.#waiting -= 1;
    }
  }

  /** Resolves when nothing waits. */
  async settled(): Promise<void> {
    while (this.#waiting > 0) await this.#last;
  }

  async #take<T>(decide: Decide<T>): Promise<Result<T, ContactError>> {
    const { store, pages, onChange } = this.#options;
    const decision = decide(pages);
    if (!decision.ok) return decision;
    const { value, changes } = decision.value;
    if (changes.length > 0) {
      const wanted = changes.flatMap(toStateChanges);
      const before = wanted.map(({ key }): StateChange => ({ key, value: store.get(key) }));
      const written = await store.write(wanted);
      if (!written.ok) {
        await this.#takeBack(before, changes);
        return notKept(written.error);
      }
      for (const change of changes) pages.apply(change);
      onChange(changes);
    }
    return { ok: true, value };
  }

  /** Whether this is kept at once does not matter: in the store it stands behind what failed, and goes to disk with it. */
  async #takeBack(before: readonly StateChange[], changes: readonly BookChange[]): Promise<void> {
    const undo = new Map(before.map((change) => [change.key, change]));
    const peers = changes.flatMap((change) => ('peer' in change ? [change.peer] : []));
    for (const record of peers.flatMap(this.#options.companionsOf)) {
      const change = encodeRecord(record);
      if (undo.has(change.key)) undo.set(change.key, change);
    }
    await this.#options.store.write([...undo.values()]);
  }
}

function toStateChanges(change: BookChange): readonly StateChange[] {
  switch (change.kind) {
    case 'no-token':
      return [{ key: tokenKey(change.token), value: null }];
    case 'no-person': {
      const { peer } = change;
      const keys = [personKey(peer), seenKey(peer), stampKey('stamp-out', peer), stampKey('stamp-in', peer)];
      return keys.map((key) => ({ key, value: null }));
    }
    case 'person': {
      // Where somebody was heard is nobody's business who is no contact.
      const isContact = change.person.state === 'accepted';
      const drops = isContact ? [] : [{ key: seenKey(change.peer), value: null }];
      return [encodeRecord(change), ...drops];
    }
    case 'profile':
    case 'token':
      return [encodeRecord(change)];
  }
}
