/**
 * A run of two links: what may happen to them, and what must hold whatever does. Nothing out of scope crosses, every
 * message arrives once and in order, states are true, and at rest both logs hold exactly what the scopes allow.
 */
import assert from 'node:assert/strict';
import type { EntryId } from '../../../../storage/entry.ts';
import { localId } from '../../../../net/derived-id.ts';
import type { PeerId } from '../../../../net/peer-id.ts';
import { parseState, peerKey } from '../../../../net/peer-state.ts';
import { decodeRecord } from '../../../../net/records/record.ts';
import type { RecordClass } from '../../../../net/records/record.ts';
import type { FeedItem } from '../../../../storage/feeds.ts';
import { scopeStateSchema } from '../../../../net/scope/peer-scope.ts';
import { audit } from '../../../../net/scope/scope-audit.ts';
import type { Scope } from '../../../../net/scope/scope.ts';
import { settle } from './fake-disk.ts';
import type { CrashPoint } from './fake-disk.ts';
import { LinkWorld } from './link-world.ts';
import type { Device } from './link-world.ts';
import { games } from './link-acts.ts';
import type { Act } from './link-acts.ts';
import { ScopeOracle, allowedBy } from './scope-oracle.ts';

/** One side of a run: its scopes as the definition has them, its posts, what crossed from it. */
class Side {
  readonly device: Device;
  readonly #oracle = new ScopeOracle();
  readonly #peer: PeerId;
  readonly posted: { readonly text: string; isKept: boolean }[] = [];
  readonly shown = new Set<string>();
  /** Ids of lines and readings that crossed. */
  readonly crossed = new Set<EntryId>();
  scopes = 0;

  constructor(device: Device, peer: PeerId) {
    this.device = device;
    this.#peer = peer;
  }

  /** Null before the first. */
  get scopeOnDisk(): Scope | null {
    const key = peerKey(this.#peer, 'scope');
    const text = this.device.disk.durableState.get(key);
    const found = text === undefined ? null : parseState(text, scopeStateSchema);
    if (found === null) return null;
    const { revision: _, ...scope } = found;
    return scope;
  }

  /** The scopes as the definition has them, as of what lies on the disk. */
  get oracle(): ScopeOracle {
    const scope = this.scopeOnDisk;
    if (scope !== null) this.#oracle.onDisk(scope);
    return this.#oracle;
  }

  received(): readonly string[] {
    return this.device.disk.entries.flatMap((entry) =>
      entry.kind === 'message' && entry.from !== null ? [entry.text] : [],
    );
  }
}

export class LinkRun {
  readonly world = new LinkWorld();
  readonly sides: readonly [Side, Side] = [
    new Side(this.world.a, this.world.b.id),
    new Side(this.world.b, this.world.a.id),
  ];
  /** Writes of `flow` that went through, for each side. */
  readonly writes: [number, number] = [0, 0];
  /** A crash at a write of `flow`, with what of the waiting writes is on disk then. */
  crash: (CrashPoint & { readonly side: 0 | 1; readonly atWrite: number }) | null = null;
  /** What was found wrong within a call of the code under test, which must not swallow it. */
  readonly #violations: string[] = [];

  constructor() {
    for (const [at, pipe] of this.world.pipes.entries()) {
      pipe.onCross = (cls, bytes) => this.#look(this.#side(at), cls, bytes);
      pipe.onQueue = (cls, bytes) => this.#lookAtQueued(this.#side(at), cls, bytes);
    }
    for (const at of [0, 1]) this.#watchStates(this.#side(at), this.#side(1 - at));
  }

  #expect(isTrue: boolean, what: string): void {
    if (!isTrue) this.#violations.push(what);
  }

  #side(at: number): Side {
    return this.sides[at === 0 ? 0 : 1];
  }

  /** Nothing out of scope may be in what crosses. */
  #look(from: Side, cls: RecordClass, bytes: Uint8Array): void {
    const decoded = decodeRecord(cls, bytes);
    this.#expect(decoded.ok, 'a link sends what can be read');
    if (!decoded.ok) return;
    const record = decoded.value;
    const { chat } = from.device.disk;
    if (record.kind !== 'batch') return;
    const { oracle } = from;
    let number = record.from;
    for (const element of record.entries) {
      if (typeof element === 'number') {
        number += element;
        continue;
      }
      const item: FeedItem | undefined = chat.items(record.game)[number - 1];
      this.#expect(item !== undefined, 'what is sent is in the feed');
      // A line that was deleted while it was under way is gone here.
      if (item !== undefined && item.entry !== null) {
        this.#expect(element.id === item.entry.id, 'what is sent is the entry of its number');
        this.#expect(oracle.mayCross(chat, record.game, item), `${record.game} ${number} ${element.kind} is in scope`);
      }
      if (element.kind === 'line' || element.kind === 'revision') from.crossed.add(element.id);
      number += 1;
    }
  }

  /** Nothing out of scope is named when it is handed down; a control record that is under way is not withdrawn. */
  #lookAtQueued(from: Side, cls: RecordClass, bytes: Uint8Array): void {
    const decoded = decodeRecord(cls, bytes);
    if (!decoded.ok) return;
    const record = decoded.value;
    const named = record.kind === 'offer' ? record.feeds.map(([, game]) => game) : [];
    if (record.kind === 'batch') named.push(record.game);
    for (const game of named) this.#expect(from.oracle.mayName(game), `${game} may be named by ${record.kind}`);
    if (record.kind !== 'message') return;
    const isLogged = from.device.disk.entries.some(({ id }) => id === record.id);
    this.#expect(isLogged, 'a message is in the log before it is handed down');
  }

  /** *Kept* and *shown* are only written where they are true. */
  #watchStates(sender: Side, receiver: Side): void {
    sender.device.disk.onAppended = (entries) => {
      for (const entry of entries) {
        if (entry.kind !== 'message-state' || entry.state === 'received') continue;
        const isOwn = sender.device.disk.entries.some(
          (other) => other.id === entry.of && other.kind === 'message' && other.from === null,
        );
        if (!isOwn) continue;
        const id = localId(sender.device.id, entry.of);
        const isThere = receiver.device.disk.entries.some((other) => other.id === id);
        this.#expect(isThere, 'what is called kept is kept');
        if (entry.state === 'shown') this.#expect(receiver.shown.has(id), 'what is called shown was shown');
      }
    };
  }

  async act(action: Act): Promise<void> {
    if (action.kind === 'flap') {
      this.world.down();
      this.world.up();
    } else if (action.kind === 'up') this.world.up();
    else if (action.kind === 'flow') await this.#flow(action.turns);
    else this.#actAt(this.#side(action.side), action);
    await settle();
    this.#checkMessages();
    assert.deepEqual(this.#violations, []);
  }

  #actAt(side: Side, action: Exclude<Act, { kind: 'flap' | 'up' | 'flow' }>): void {
    const { device } = side;
    const { chat } = device.disk;
    switch (action.kind) {
      case 'say':
        for (let count = 0; count < action.count; count += 1) {
          chat.nowMs += 1_000;
          chat.say(action.game, `line ${chat.nowMs}`, action.channel, chat.nowMs - action.agoMs);
        }
        device.link.logGrew(action.game);
        break;
      case 'session':
        if (action.ends) chat.end(action.game);
        else chat.begin(action.game);
        device.link.logGrew(action.game);
        break;
      case 'revise':
        chat.revise(action.game, action.number, 'better', action.channel);
        device.link.logGrew(action.game);
        break;
      case 'delete':
        chat.delete(action.game, action.number);
        break;
      case 'scope':
        this.#setScope(side, action.scope);
        break;
      case 'post':
        this.#post(side);
        break;
      case 'show':
        this.#show(side);
        break;
      case 'disk':
        for (let count = 0; count < action.count; count += 1) device.disk.step(action.store);
        break;
      case 'refuse':
        device.disk.refuse();
        break;
      case 'wait':
        device.elapsedMs += 9_000;
        device.link.poll();
        device.outbox.poll();
        break;
      case 'deliver':
        for (let count = 0; count < action.count; count += 1) this.world.deliver(device, action.cls);
        break;
      case 'crash':
        this.world.crash(device, action);
        side.oracle.restarted(side.scopeOnDisk);
        break;
    }
  }

  /** Records and writes of both sides, as a network and disks in good health would have it. */
  async #flow(turns: number): Promise<void> {
    this.world.up();
    for (let turn = 0; turn < turns; turn += 1) {
      for (const { device } of this.sides) {
        for (const cls of [0, 1, 2] as const) while (this.world.deliver(device, cls));
        await settle();
        while (await this.#step(device));
        await settle();
      }
    }
  }

  /** One write, or the crash that a test planned for it. */
  async #step(device: Device): Promise<boolean> {
    if (device.disk.waiting === 0) return false;
    const at = device === this.world.a ? 0 : 1;
    this.writes[at] += 1;
    if (this.crash !== null && this.crash.side === at && this.crash.atWrite === this.writes[at]) {
      const { state, log, torn } = this.crash;
      this.#actAt(this.#side(at), { kind: 'crash', side: at, state, log, torn });
      await settle();
      this.world.up();
      return true;
    }
    device.disk.step();
    await settle();
    return true;
  }

  #setScope(side: Side, scope: Scope): void {
    side.scopes += 1;
    // Tells one scope from another that is alike, without meaning anything: lines are a second apart.
    const marked = { ...scope, sinceMs: (scope.sinceMs ?? 0) + side.scopes };
    const set = side.oracle.set(marked, side.device.disk.chat);
    const { starts } = side.device;
    const setting = side.device.link.setScope(marked);
    void setting.then((kept) => side.device.starts === starts && !kept.ok && side.oracle.refused(set));
  }

  #post(side: Side): void {
    const post = { text: `message ${side.posted.length}`, isKept: false };
    side.posted.push(post);
    const receivers = this.sides.map(({ device }) => device.id);
    const posting = side.device.outbox.post({ text: post.text, room: null, receivers });
    void posting.then((kept) => (post.isKept = kept.ok));
  }

  #show(side: Side): void {
    const kept = side.device.disk.entries.filter((entry) => entry.kind === 'message' && entry.from !== null);
    for (const { id } of kept) side.shown.add(id);
    void side.device.link.markShown(kept.map(({ id }) => id));
  }

  /** At any moment: nothing twice, nothing out of order. */
  #checkMessages(): void {
    for (const at of [0, 1]) {
      const received = this.#side(1 - at).received();
      const places = received.map((text) => this.#side(at).posted.findIndex((post) => post.text === text));
      assert.deepEqual(
        places,
        [...new Set(places)].sort((a, b) => a - b),
        received.join(),
      );
    }
  }

  async finish(): Promise<void> {
    // A scope that the disk refused holds everything back; the user sets one again.
    for (const side of this.sides)
      if (side.device.link.isScopeChanging) this.#setScope(side, side.oracle.durable.scope);
    await this.world.converge();
    for (const at of [0, 1]) {
      this.#checkLogs(this.#side(at), this.#side(1 - at));
      const { posted, device } = this.#side(at);
      const received = this.#side(1 - at).received();
      const lost = posted.filter(({ text, isKept }) => isKept && !received.includes(text));
      assert.deepEqual(lost, [], 'every message that was kept here is kept there');
      assert.equal(device.outbox.line(this.#side(1 - at).device.id).waiting, 0, 'the outbox is empty');
    }
    this.#checkMessages();
    assert.deepEqual(this.#violations, []);
    for (const { device } of this.sides) {
      const other = this.#side(device === this.world.a ? 1 : 0).device;
      const told = other.disk.entries.flatMap((entry) =>
        entry.kind === 'message-state' && entry.state === 'shown' ? [localId(other.id, entry.of)] : [],
      );
      for (const [key, value] of device.disk.durableState) {
        const isUntold = value.includes('"shown":true') && !told.some((id) => key.endsWith(id));
        assert.ok(!isUntold, 'what was shown is known to be');
      }
    }
    for (const { device } of this.sides) {
      const faults = [...device.link.faults.keys()].filter((fault) => fault !== 'while-down');
      assert.deepEqual(faults, [], 'two honest links give each other nothing to drop');
    }
  }

  #checkLogs(from: Side, to: Side): void {
    const { chat } = from.device.disk;
    const ids = new Set<string>(to.device.disk.entries.map(({ id }) => id));
    assert.equal(ids.size, to.device.disk.entries.length, 'nothing is there twice');
    for (const game of games) {
      for (const item of chat.items(game)) {
        if (item.entry === null || !allowedBy(from.oracle.durable, chat, game, item, false)) continue;
        const id = localId(from.device.id, item.entry.id);
        assert.ok(ids.has(id), `${game} ${item.number} ${item.entry.kind} in scope has arrived`);
      }
    }
    const taken = to.device.disk.entries.filter((entry) => entry.kind === 'line' || entry.kind === 'revision');
    const crossed = new Set([...from.crossed].map((id) => localId(from.device.id, id)));
    for (const { id } of taken) assert.ok(crossed.has(id), 'nothing arrives that did not cross');
    const told = audit(from.device.disk.state, to.device.id).reduce((sum, { lines }) => sum + lines, 0);
    assert.ok(told >= from.crossed.size, `the audit tells of ${told}, ${from.crossed.size} crossed`);
  }
}
