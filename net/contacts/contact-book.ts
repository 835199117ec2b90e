/**
 * The contact book: who this device is, whom it asked, who asks, who is a contact and who is refused. Everything survives a
 * restart; what an operation promises is on disk when it resolves, and an operation that failed changed nothing.
 * Source: spec/PROTOCOL.md, *Keys*, *Request (1)*, *First (2)*.
 */
import type { Result, UnixMs } from '../../storage/index.ts';
import type { StateStore } from '../../storage/state.ts';
import { makeRequestToken } from '../code/index.ts';
import type { RequestToken } from '../code/index.ts';
import { NAME_BYTES_LIMIT, encodeIdentity, fromHex, toPlainText } from '../identity/index.ts';
import type { Identity } from '../identity/index.ts';
import { KEY_BYTES } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import type { DoorToken, OutgoingRequest } from '../request/index.ts';
import type { Clock, Endpoint, RandomBytes } from '../world.ts';
import * as answering from './answering.ts';
import * as asking from './asking.ts';
import type { Ask, AskOutcome } from './asking.ts';
import { sealBackup } from './backup-file.ts';
import type { BackupError, BookEntry } from './backup-file.ts';
import { loadBook } from './book-loading.ts';
import type { LoadedBook } from './book-loading.ts';
import type { BookChange } from './book-pages.ts';
import { encodeRecord } from './book-record.ts';
import * as views from './contact-views.ts';
import type { ContactError } from './contact-error.ts';
import { decided } from './decision.ts';
import { Ledger } from './ledger.ts';
import { pairSecretsOf } from './pair-secrets.ts';
import type { PairSecrets } from './pair-secrets.ts';
import { isEndpoint } from './person.ts';
import type { SecretSlot } from './person.ts';
import { decideRequest, isMuted } from './receiving.ts';
import type { BookRequest, RequestOutcome } from './receiving.ts';
import { isHeard, makeTokenRecord } from './token-record.ts';
import type { TokenOptions } from './token-record.ts';

export interface ContactBookOptions {
  /** Belongs to the caller, who closes it after the book. */
  readonly store: StateStore;
  readonly random: RandomBytes;
  readonly clock: Clock;
  /** Called after each change that is on disk; not for stamps and endpoints. */
  readonly onChange?: (() => void) | undefined;
}

type Done = Promise<Result<void, ContactError>>;

export class ContactBook {
  readonly #options: ContactBookOptions;
  readonly #loaded: LoadedBook;
  readonly #ledger: Ledger;

  private constructor(options: ContactBookOptions, loaded: LoadedBook) {
    this.#options = options;
    this.#loaded = loaded;
    this.#ledger = new Ledger({
      store: options.store,
      pages: loaded.pages,
      companionsOf: (peer) => [...loaded.stamps.listOf(peer), ...loaded.sightings.listOf(peer)],
      onChange: (changes) => this.#noteChanges(changes),
    });
  }

  /** Opens the book of a store; makes a new identity where the store knows none, and keeps it. */
  static async open(options: ContactBookOptions): Promise<Result<ContactBook, ContactError>> {
    const loaded = await loadBook(options.store, options.random);
    return loaded.ok ? { ok: true, value: new ContactBook(options, loaded.value) } : loaded;
  }

  get identity(): Identity {
    return this.#loaded.identity;
  }

  /** A sentence for each record that could not be read when the book was opened. */
  get problems(): readonly string[] {
    return this.#loaded.problems;
  }

  /** The user's own name; may be empty. */
  get name(): string {
    return this.#pages.name;
  }

  /** @param name made plain text and cut to 64 bytes. */
  setName(name: string): Done {
    const plain = toPlainText(name, NAME_BYTES_LIMIT);
    return this.#ledger.change(() => decided(undefined, [{ kind: 'profile', name: plain }]));
  }

  /**
   * Makes a code that works at once. Rejects with RangeError unless `quota` is 1 to 1,000 (32 unless said) and `expiresMs`
   * a whole number. Refused where 16 codes work.
   */
  async makeToken(label: string, options: TokenOptions = {}): Promise<Result<views.TokenView, ContactError>> {
    const record = makeTokenRecord(label, options, this.#nowMs());
    const token = makeRequestToken(this.#options.random);
    const made = await this.#ledger.change((pages) => asking.decideToken(pages, token, record));
    if (!made.ok) return made;
    return { ok: true, value: views.viewToken(this.identity, token, record, this.#nowMs()) };
  }

  /** The codes that hold it are mute from then on. */
  revokeToken(token: RequestToken): Done {
    return this.#ledger.change((pages) => asking.decideRevoke(pages, token));
  }

  /** The oldest first; also those that do not work any more, at most 48. */
  tokens(): readonly views.TokenView[] {
    const nowMs = this.#nowMs();
    const all = [...this.#pages.tokens].map(([token, record]) => views.viewToken(this.identity, token, record, nowMs));
    return all.sort((one, other) => one.createdMs - other.createdMs);
  }

  /** For `RequestDoor.setTokens`: at most 16. To be handed over after each change. */
  doorTokens(): readonly DoorToken[] {
    const nowMs = this.#nowMs();
    const heard = [...this.#pages.tokens].filter(([, record]) => isHeard(record, nowMs));
    return heard.map(([token, { expiresMs }]) => ({ token, expiresMs }));
  }

  /**
   * Asks somebody; the request is to be sent from `outgoingRequests` then. Asking again changes token, note and address.
   * Rejects with RangeError where `endpoint` is no IP address and port.
   */
  async ask(
    code: Ask['code'],
    note: string,
    options: { alias?: string | null; endpoint?: Endpoint | null } = {},
  ): Promise<Result<AskOutcome, ContactError>> {
    const { alias = null, endpoint = null } = options;
    if (endpoint !== null && !isEndpoint(endpoint)) {
      throw new RangeError(`Expected an IP address and a port for the endpoint but received ${endpoint.address}`);
    }
    const secret = this.#options.random(KEY_BYTES);
    const ask = { code, note, alias, endpoint, secret, nowMs: this.#nowMs() };
    return this.#ledger.change((pages) => asking.decideAsk(pages, this.identity, ask));
  }

  /** The request is not sent any more. A person who has it already may still accept, and will find nobody. */
  withdraw(peer: PeerId): Done {
    return this.#ledger.change((pages) => asking.decideWithdraw(pages, peer, this.#nowMs()));
  }

  /** Takes what the door opened; resolves when what it says is on disk. */
  receiveRequest(request: BookRequest): Promise<Result<RequestOutcome, ContactError>> {
    const own = this.identity.peerId;
    return this.#ledger.change((pages) => decideRequest(pages, own, request, this.#nowMs()));
  }

  accept(peer: PeerId): Done {
    return this.#ledger.change((pages) => answering.decideAccept(pages, peer, this.#nowMs()));
  }

  /** `once`: the person is shown again if he asks after 24 hours. The oldest of 512 declined gives way. */
  decline(peer: PeerId, how: 'once' | 'ever'): Done {
    return this.#ledger.change((pages) => answering.decideDecline(pages, peer, how === 'ever', this.#nowMs()));
  }

  /** Refused where 1,024 are blocked. Rejects with RangeError for the own peer id. */
  async block(peer: PeerId): Done {
    if (peer === this.identity.peerId) throw new RangeError('Expected another person to block but received the own id');
    return this.#ledger.change((pages) => answering.decideBlock(pages, peer, this.#nowMs()));
  }

  /** Of people who were blocked or declined. */
  unblock(peer: PeerId): Done {
    return this.#ledger.change((pages) => answering.decideUnblock(pages, peer));
  }

  /** The contact is a stranger again; also clears a record that cannot be read. */
  remove(peer: PeerId): Done {
    return this.#ledger.change((pages) => answering.decideRemove(pages, peer, this.#nowMs()));
  }

  /** @param alias made plain text and cut to 64 bytes; null or empty: the name that the person tells. */
  setAlias(peer: PeerId, alias: string | null): Done {
    return this.#ledger.change((pages) => answering.decideContact(pages, peer, { alias }));
  }

  /** Whether the user said that both saw the same safety words. */
  setConfirmed(peer: PeerId, confirmed: boolean): Done {
    return this.#ledger.change((pages) => answering.decideContact(pages, peer, { confirmed }));
  }

  /** To be called when a session with this secret has proven itself: it is the one to dial with first. Makes a contact of a person who was only asked. */
  settleSecret(peer: PeerId, slot: SecretSlot): Done {
    return this.#ledger.change((pages) => answering.decideSecret(pages, peer, slot, this.#nowMs()));
  }

  /** What a contact tells of itself. The first signing key counts, another one is a warning. */
  noteProfile(peer: PeerId, profile: { readonly name: string; readonly signing: Uint8Array }): Done {
    return this.#ledger.change((pages) => answering.decideProfile(pages, peer, profile));
  }

  /** Believes the other signing key that a contact tells. */
  adoptSigning(peer: PeerId): Done {
    return this.#ledger.change((pages) => answering.decideSigning(pages, peer));
  }

  /** A packet of the contact was authenticated. In memory at once, on disk within 30 s if packets go on, or by `flush`. */
  noteEndpoint(peer: PeerId, endpoint: Endpoint): void {
    if (this.#pages.person(peer)?.state !== 'accepted') return;
    const { clock } = this.#options;
    this.#loaded.sightings.note(peer, endpoint, clock.unixMs(), clock.elapsedMs());
  }

  /** See `StampBook.toSend`. Not found where the person is neither contact nor asked. */
  async stampToSend(peer: PeerId, unixMs: UnixMs): Promise<Result<number, ContactError>> {
    if (this.secretsOf(peer) !== null) return this.#loaded.stamps.toSend(peer, unixMs);
    return { ok: false, error: { kind: 'not-found', message: 'This person is no contact, so nothing was sent.' } };
  }

  /** See `StampBook.take`. False also where the person is neither contact nor asked. */
  async takeStamp(peer: PeerId, stamp: number): Promise<boolean> {
    return this.secretsOf(peer) !== null && this.#loaded.stamps.take(peer, stamp);
  }

  /** What a session needs; null for all but contacts and people who were asked. */
  secretsOf(peer: PeerId): PairSecrets | null {
    const person = this.#pages.person(peer);
    return person === null ? null : pairSecretsOf(person);
  }

  /** Contacts and people who were asked: at most 256. */
  knownPeers(): readonly PeerId[] {
    return [...this.#pages.listIn('accepted'), ...this.#pages.listIn('asked')].map(([peer]) => peer);
  }

  /** For `RequestDoor`: nothing that this person asks is looked at. */
  isMuted(peer: PeerId): boolean {
    const person = this.#pages.person(peer);
    return person !== null && isMuted(person);
  }

  contacts(): readonly views.ContactView[] {
    const { sightings } = this.#loaded;
    const accepted = this.#pages.listIn('accepted');
    return accepted.map(([peer, person]) => views.viewContact(this.#pages.names, peer, person, sightings.get(peer)));
  }

  contact(peer: PeerId): views.ContactView | null {
    const person = this.#pages.person(peer);
    if (person?.state !== 'accepted') return null;
    return views.viewContact(this.#pages.names, peer, person, this.#loaded.sightings.get(peer));
  }

  /** Who asks, the oldest first. */
  waiting(): readonly views.WaitingView[] {
    const waiting = this.#pages
      .listIn('waiting')
      .map(([peer, person]) => views.viewWaiting(this.#pages.names, peer, person, this.#pages.tokens));
    return waiting.sort((one, other) => one.receivedMs - other.receivedMs);
  }

  /** Who was asked and did not accept yet. */
  asked(): readonly views.AskedView[] {
    return this.#pages.listIn('asked').map(([peer, person]) => views.viewAsked(peer, person));
  }

  /** Who was declined or blocked. */
  refused(): readonly views.RefusedView[] {
    const refused = [...this.#pages.listIn('declined'), ...this.#pages.listIn('blocked')];
    return refused.map(([peer, person]) => views.viewRefused(peer, person));
  }

  /** For `RequestSender.add`, with secrets: after a start, and after each ask. */
  outgoingRequests(): readonly OutgoingRequest[] {
    return this.#pages.listIn('asked').map(([peer, person]) => {
      const { token, note, endpoint } = person;
      return { peer, token, secret: fromHex(person.secret), name: this.name, note, endpoint };
    });
  }

  /**
   * All of the book under a passphrase: text for a file, which opens it on this or another device by `restoreBackup`. Takes
   * half a second and 128 MiB. Refused where the passphrase is shorter than 8 characters.
   */
  exportBackup(passphrase: string): Promise<Result<string, BackupError>> {
    const { identity, pages, stamps, sightings } = this.#loaded;
    const records = [...pages.records(), ...stamps.list(), ...sightings.list()];
    const entries = records.map(encodeRecord).map(({ key, value }): BookEntry => [key, value]);
    const contents = { madeMs: this.#nowMs(), identity: encodeIdentity(identity), entries };
    return sealBackup(contents, passphrase, this.#options.random);
  }

  /** Resolves when nothing waits for the disk, endpoints included. The book is of use after it, too. */
  async flush(): Done {
    await this.#ledger.settled();
    return this.#loaded.sightings.flush();
  }

  get #pages(): LoadedBook['pages'] {
    return this.#loaded.pages;
  }

  #nowMs(): UnixMs {
    return Math.max(0, Math.floor(this.#options.clock.unixMs()));
  }

  #noteChanges(changes: readonly BookChange[]): void {
    const { stamps, sightings } = this.#loaded;
    for (const change of changes) {
      if (change.kind === 'no-person') stamps.forget(change.peer);
      if (change.kind === 'no-person' || (change.kind === 'person' && change.person.state !== 'accepted')) {
        sightings.forget(change.peer);
      }
    }
    this.#options.onChange?.();
  }
}
