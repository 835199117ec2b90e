/**
 * What contacts tell of themselves, on its way into the contact book. A contact tells it once a run, so what the disk refuses
 * waits here and is tried again. Source: spec/PROTOCOL.md, *Records*, profile.
 */
import type { ContactBook } from '../contacts/index.ts';
import { DiskRetry } from '../disk-retry.ts';
import type { PeerId } from '../peer-id.ts';
import type { Clock } from '../world.ts';

export interface Profile {
  readonly name: string;
  /** 32 bytes. */
  readonly signing: Uint8Array;
}

export interface ProfileNotesOptions {
  readonly book: Pick<ContactBook, 'noteProfile'>;
  readonly clock: Clock;
  /** `nextMs` may have come nearer. */
  readonly wake: () => void;
}

export class ProfileNotes {
  readonly #options: ProfileNotesOptions;
  /** The latest of each; one a contact, so there are no more than contacts. */
  readonly #waiting = new Map<PeerId, Profile>();
  readonly #retry = new DiskRetry();
  #running = false;

  constructor(options: ProfileNotesOptions) {
    this.#options = options;
  }

  note(peer: PeerId, profile: Profile): void {
    this.#waiting.set(peer, profile);
    void this.#run();
  }

  forget(peer: PeerId): void {
    this.#waiting.delete(peer);
  }

  /** When to `poll`, by the clock that never goes back; Infinity: not before something else happens. */
  get nextMs(): number {
    return this.#waiting.size > 0 && !this.#running ? this.#retry.nextMs : Infinity;
  }

  poll(): void {
    void this.#run();
  }

  async #run(): Promise<void> {
    const { book, clock, wake } = this.#options;
    if (this.#running) return;
    this.#running = true;
    for (let [first] = this.#waiting; first !== undefined; [first] = this.#waiting) {
      const [peer, profile] = first;
      if (!this.#retry.mayTry(clock.elapsedMs())) break;
      const noted = await book.noteProfile(peer, profile);
      if (!noted.ok && (noted.error.kind === 'not-kept' || noted.error.kind === 'busy')) {
        this.#retry.failed(clock.elapsedMs());
        break;
      }
      this.#retry.succeeded();
      // A later one may have come meanwhile.
      if (this.#waiting.get(peer) === profile) this.#waiting.delete(peer);
    }
    this.#running = false;
    wake();
  }
}
