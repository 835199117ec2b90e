/** Which contacts have which names and signing keys, to find those that might be taken for one another. */
import { foldName } from '../identity/index.ts';
import type { PeerId } from '../peer-id.ts';
import type { Pages } from './book-pages.ts';
import { nameOf } from './person.ts';
import type { Person } from './person.ts';

/** As the pages were when it was made. */
export class NameIndex {
  readonly #byName = new Map<string, Set<PeerId>>();
  readonly #bySigning = new Map<string, Set<PeerId>>();

  constructor(pages: Pick<Pages, 'listIn'>) {
    for (const [peer, person] of pages.listIn('accepted')) {
      for (const name of namesOf(person)) note(this.#byName, name, peer);
      if (person.signing !== null) note(this.#bySigning, person.signing, peer);
    }
  }

  /** Whether another contact has one of the person's names. */
  hasNamesake(peer: PeerId, person: Person): boolean {
    return namesOf(person).some((name) => hasOther(this.#byName.get(name), peer));
  }

  /** Whether another contact has this signing key, in hex. */
  hasCosigner(peer: PeerId, signing: string): boolean {
    return hasOther(this.#bySigning.get(signing), peer);
  }
}

/** Both what the person tells and what the user calls her: a stranger may take either. */
function namesOf(person: Person): readonly string[] {
  return [person.name, nameOf(person)].map(foldName).filter((name) => name !== '');
}

function note(index: Map<string, Set<PeerId>>, key: string, peer: PeerId): void {
  const peers = index.get(key) ?? new Set();
  index.set(key, peers.add(peer));
}

function hasOther(peers: ReadonlySet<PeerId> | undefined, peer: PeerId): boolean {
  return peers !== undefined && (peers.size > 1 || !peers.has(peer));
}
