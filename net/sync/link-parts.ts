/** What a `PeerLink` consists of, wired: who tells whom, and through which queue each sends. */
import { Inbox } from '../messages/inbox.ts';
import { MessageSender } from '../messages/message-sender.ts';
import { MessageStates } from '../messages/message-states.ts';
import { ShownMarks } from '../messages/shown-marks.ts';
import { StateTeller } from '../messages/state-teller.ts';
import type { RecordClass } from '../records/record.ts';
import { PeerScope } from '../scope/peer-scope.ts';
import { BatchBuilder } from './batch-builder.ts';
import { ControlQueue, ControlSlots } from './control-queue.ts';
import { OwnFeedIds } from './feed-id.ts';
import { FeedReceiver } from './feed-receiver.ts';
import type { BatchFault } from './feed-receiver.ts';
import { FeedSender } from './feed-sender.ts';
import type { PeerLinkOptions } from './link-options.ts';
import { PeerFeeds } from './peer-feeds.ts';

export interface LinkParts {
  /** What the peer may see. */
  readonly scope: PeerScope;
  /** What is known of the peer's feeds. */
  readonly feeds: PeerFeeds;
  /** Records that are told once: profile, scope, position, rooms. */
  readonly slots: ControlSlots;
  readonly teller: StateTeller;
  readonly control: ControlQueue;
  readonly marks: ShownMarks;
  readonly inbox: Inbox;
  readonly states: MessageStates;
  readonly messages: MessageSender;
  readonly sender: FeedSender;
  readonly receiver: FeedReceiver;
}

export interface LinkHooks {
  /** False while nothing may be queued, and where the class is full. */
  readonly queue: (cls: RecordClass, bytes: Uint8Array) => boolean;
  /** `control` has something to tell, but more may come in this turn. */
  readonly soon: () => void;
  readonly onFault: (fault: BatchFault) => void;
}

export function makeParts(options: PeerLinkOptions, { queue, soon, onFault }: LinkHooks): LinkParts {
  const { peer, state, log, clock, random, newId, outbox, rooms, signing, events } = options;
  const line = outbox.line(peer);
  const scope = new PeerScope(state, log, peer);
  const feeds = new PeerFeeds(state, peer);
  const slots = new ControlSlots();
  const teller = new StateTeller();
  const flush = () => control.flush();
  const tell: StateTeller['tell'] = (told, ids) => {
    teller.tell(told, ids);
    soon();
  };
  const marks = new ShownMarks({ peer, state, log, clock, tell });
  const inbox = new Inbox({
    peer,
    state,
    log,
    clock,
    marks,
    mayWriteTo: (room) => rooms.mayWriteTo(room, peer),
    tell,
    onKept: events.onMessages,
  });
  const states = new MessageStates({
    peer,
    line,
    state,
    log,
    clock,
    onNoted: (ids) => tell('noted', ids),
    onKept: (entries) => {
      messages.pump();
      events.onStates(entries);
    },
  });
  const messages = new MessageSender({
    line,
    state,
    clock,
    isLogged: (id) => outbox.isLogged(id),
    queue: (bytes) => queue(1, bytes),
    onKept: (ids) => states.take('kept', ids),
  });
  const sender = new FeedSender({
    peer,
    feeds: log,
    scope,
    ids: new OwnFeedIds(state, peer, signing.publicKey, random),
    builder: new BatchBuilder(log, scope, (message) => signing.sign(message)),
    state,
    clock,
    queue,
    onOffer: flush,
    onForked: events.onForked,
  });
  const receiver = new FeedReceiver({
    peer,
    log,
    feeds,
    state,
    clock,
    newId,
    onHave: flush,
    onKept: events.onEntries,
    onTold: events.onScope,
    onFault,
  });
  if (options.peerKey !== null) receiver.setKey(options.peerKey);
  // In this order: the profile is the first record of a boot, and offers come after the scope that allows them.
  const control: ControlQueue = new ControlQueue(
    (bytes) => queue(0, bytes),
    [slots, teller, sender.offers, receiver.haves],
  );
  return { scope, feeds, slots, teller, control, marks, inbox, states, messages, sender, receiver };
}
