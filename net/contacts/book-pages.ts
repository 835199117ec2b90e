/**
 * The book in memory, as it is on disk: persons, tokens, the own name. Only the ledger changes it, and only after the disk
 * has kept the change; everybody else reads.
 */
import type { RequestToken } from '../code/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { BookRecord } from './book-record.ts';
import { NameIndex } from './name-index.ts';
import { CONTACTS_LIMIT, personLimits, sinceMs } from './person.ts';
import type { Person, PersonIn, PersonState } from './person.ts';
import type { TokenRecord } from './token-record.ts';

/** One change of the book; several of them are kept together or not at all. */
export type BookChange =
  | Extract<BookRecord, { kind: 'profile' | 'person' | 'token' }>
  | { readonly kind: 'no-person'; readonly peer: PeerId }
  | { readonly kind: 'no-token'; readonly token: RequestToken };

/** What the makers of decisions see. */
export interface Pages {
  readonly name: string;
  readonly tokens: ReadonlyMap<RequestToken, TokenRecord>;
  person(peer: PeerId): Person | null;
  /** Whether there is a record of this person that cannot be read. */
  isDamaged(peer: PeerId): boolean;
  /** All in one state, in no order. */
  listIn<S extends PersonState>(state: S): readonly (readonly [peer: PeerId, person: PersonIn<S>])[];
}

export class BookPages implements Pages {
  #name = '';
  readonly #tokens = new Map<RequestToken, TokenRecord>();
  readonly #persons = new Map<PeerId, Person>();
  readonly #damaged = new Set<PeerId>();
  #names: NameIndex | null = null;

  get name(): string {
    return this.#name;
  }

  get tokens(): ReadonlyMap<RequestToken, TokenRecord> {
    return this.#tokens;
  }

  /** Made anew after a change: folding 256 names takes a millisecond or two. */
  get names(): NameIndex {
    this.#names ??= new NameIndex(this);
    return this.#names;
  }

  /** All that is in memory, as a backup holds it. */
  records(): readonly BookRecord[] {
    const tokens = [...this.#tokens].map(([token, record]): BookRecord => ({ kind: 'token', token, record }));
    const persons = [...this.#persons].map(([peer, person]): BookRecord => ({ kind: 'person', peer, person }));
    return [{ kind: 'profile', name: this.#name }, ...tokens, ...persons];
  }

  person(peer: PeerId): Person | null {
    return this.#persons.get(peer) ?? null;
  }

  isDamaged(peer: PeerId): boolean {
    return this.#damaged.has(peer);
  }

  listIn<S extends PersonState>(state: S): readonly (readonly [peer: PeerId, person: PersonIn<S>])[] {
    const listed: (readonly [PeerId, PersonIn<S>])[] = [];
    for (const [peer, person] of this.#persons) if (isIn(person, state)) listed.push([peer, person]);
    return listed;
  }

  markDamaged(peer: PeerId): void {
    this.#damaged.add(peer);
  }

  apply(change: BookChange): void {
    this.#names = null;
    switch (change.kind) {
      case 'profile':
        this.#name = change.name;
        break;
      case 'person':
        this.#persons.set(change.peer, change.person);
        this.#damaged.delete(change.peer);
        break;
      case 'no-person':
        this.#persons.delete(change.peer);
        this.#damaged.delete(change.peer);
        break;
      case 'token':
        this.#tokens.set(change.token, change.record);
        break;
      case 'no-token':
        this.#tokens.delete(change.token);
        break;
    }
  }
}

function isIn<S extends PersonState>(person: Person, state: S): person is PersonIn<S> {
  return person.state === state;
}

/** Whether one more may be accepted or asked. */
export function hasRoomForContact(pages: Pages): boolean {
  return pages.listIn('accepted').length + pages.listIn('asked').length < CONTACTS_LIMIT;
}

/**
 * Puts a person into a list where the oldest gives way: the changes, and who went.
 */
export function putWithRoom(
  pages: Pages,
  peer: PeerId,
  person: PersonIn<'waiting' | 'declined' | 'removed'>,
): { readonly changes: readonly BookChange[]; readonly dropped: readonly PeerId[] } {
  const others = pages.listIn(person.state).filter(([other]) => other !== peer);
  const tooMany = Math.max(0, others.length + 1 - personLimits[person.state]);
  const byAge = others.sort(([, one], [, other]) => sinceMs(one) - sinceMs(other));
  const dropped = byAge.slice(0, tooMany).map(([other]) => other);
  const drops = dropped.map((other): BookChange => ({ kind: 'no-person', peer: other }));
  return { changes: [...drops, { kind: 'person', peer, person }], dropped };
}
