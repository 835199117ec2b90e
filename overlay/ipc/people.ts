/**
 * The contract of talking and sharing: what the screen asks about people, and what it is told. Main checks each command
 * by the schema that stands here and hands it to the engine as it is (`people.backup` and `people.restore` with the file
 * that main asked the user for). Bounds are those of `spec/PROTOCOL.md`, section Bounds.
 */
import * as v from 'valibot';
import type { Result } from '../../storage/log.ts';

export const MAX_CONTACTS = 256;
export const MAX_REQUESTS = 64;
export const MAX_TOKENS = 16;
export const MAX_ROOMS = 64;
export const MAX_ROOM_MEMBERS = 32;
/** UTF-8 bytes of a name, and of a note of a request. */
export const MAX_NAME_BYTES = 64;
export const MAX_NOTE_BYTES = 400;
/** UTF-16 units. */
export const MAX_MESSAGE_CHARS = 4_000;
/** Messages of one page, and ids of one `messages.shown`. */
export const MAX_PAGE = 200;
/** Games, and channels, that one scope may name. */
export const MAX_SCOPE_NAMES = 64;

/** A peer id as text: 64 lower-case hex digits. */
const peer = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
/** Id of a message, a room or a token: whatever the engine makes of these characters. */
const shortId = v.pipe(v.string(), v.regex(/^[0-9A-Za-z_-]{1,64}$/));
const name = v.pipe(v.string(), v.trim(), v.minLength(1), v.maxBytes(MAX_NAME_BYTES));
const note = v.pipe(v.string(), v.trim(), v.maxBytes(MAX_NOTE_BYTES));
const unixMs = v.pipe(v.number(), v.integer(), v.minValue(0));
/** A code as it was typed or pasted; the engine parses it. */
const typedCode = v.pipe(v.string(), v.maxLength(400));
const passphrase = v.pipe(v.string(), v.minLength(8), v.maxLength(1_000));

/** Whom a message is for: one person, or the members of a room. */
export const conversationSchema = v.variant('kind', [
  v.object({ kind: v.literal('peer'), peer }),
  v.object({ kind: v.literal('room'), room: shortId }),
]);
export type Conversation = Readonly<v.InferOutput<typeof conversationSchema>>;

/**
 * What one person may see of another's log. `live`: lines from now on; `history`: also those since `sinceMs` (null: all).
 * Null for `games` or `channels` means all of them; an empty list would mean none and is refused: that is `none`.
 */
export const scopeSchema = v.object({
  share: v.picklist(['none', 'live', 'history']),
  sinceMs: v.nullable(unixMs),
  games: v.nullable(
    v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(200))),
      v.minLength(1),
      v.maxLength(MAX_SCOPE_NAMES),
      v.readonly(),
    ),
  ),
  channels: v.nullable(
    v.pipe(
      v.array(v.pipe(v.string(), v.minLength(1), v.maxLength(100))),
      v.minLength(1),
      v.maxLength(MAX_SCOPE_NAMES),
      v.readonly(),
    ),
  ),
});
export type Scope = Readonly<v.InferOutput<typeof scopeSchema>>;

/** Every command about people, with the shape of its one argument. The engine answers all of them. */
export const peopleCommandSchemas = {
  'people.state': v.null(),
  'people.set-name': v.object({ name }),
  'people.token-make': v.object({
    label: v.pipe(v.string(), v.trim(), v.maxBytes(MAX_NAME_BYTES)),
    /** Requests that it lets through. */
    quota: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(1_000)),
    expiresMs: v.nullable(unixMs),
  }),
  'people.token-revoke': v.object({ id: shortId }),
  /** Reads a code that is being typed, and does nothing with it. */
  'people.check-code': v.object({ code: typedCode }),
  /** Sends a request; `address`: a host or host:port typed by hand, null: it is looked for on the LAN. */
  'people.ask': v.object({
    code: typedCode,
    note,
    address: v.nullable(v.pipe(v.string(), v.trim(), v.maxLength(300))),
  }),
  /** Takes back a request of one's own. */
  'people.withdraw': v.object({ peer }),
  'people.accept': v.object({ peer }),
  /** `ever` false: for now. */
  'people.decline': v.object({ peer, ever: v.boolean() }),
  /** A contact or one who asks. */
  'people.block': v.object({ peer }),
  'people.unblock': v.object({ peer }),
  /** Ends a contact; both stop sharing and talking. */
  'people.remove': v.object({ peer }),
  /** Null: the name that they tell. */
  'people.rename': v.object({ peer, alias: v.nullable(name) }),
  'people.confirm-words': v.object({ peer, confirmed: v.boolean() }),
  'people.scope': v.object({ peer, scope: scopeSchema }),
  'people.nearby': v.object({ on: v.boolean() }),
  'people.ask-nearby': v.object({ peer }),
  /** Looks at sockets, interfaces and firewalls, at most a few seconds. */
  'people.check': v.null(),
  /** `before`: id of the oldest message at hand, null: from the newest. */
  'messages.page': v.object({
    with: conversationSchema,
    before: v.nullable(shortId),
    limit: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(MAX_PAGE)),
  }),
  'messages.send': v.object({
    with: conversationSchema,
    text: v.pipe(
      v.string(),
      v.maxLength(MAX_MESSAGE_CHARS),
      v.check((text) => text.trim() !== '', 'Expected a text but received blanks'),
    ),
  }),
  /** The screen drew these messages of others whole while the user could see it. */
  'messages.shown': v.object({ ids: v.pipe(v.array(shortId), v.minLength(1), v.maxLength(MAX_PAGE), v.readonly()) }),
  'room.make': v.object({
    title: name,
    /** Contacts; oneself is a member without being named. */
    members: v.pipe(v.array(peer), v.minLength(1), v.maxLength(MAX_ROOM_MEMBERS - 1), v.readonly()),
  }),
  'room.leave': v.object({ room: shortId }),
  /** Keys, contacts and rooms into a file; null when the user chooses none. */
  'people.backup': v.object({ passphrase }),
  'people.restore': v.object({ passphrase }),
} as const;

export type PeopleCommandName = keyof typeof peopleCommandSchemas;

const path = v.pipe(v.string(), v.minLength(1));
/** The same as calls of main to the engine. */
export const peopleCallSchemas = {
  ...peopleCommandSchemas,
  'people.backup': v.object({ passphrase, path }),
  'people.restore': v.object({ passphrase, path }),
} as const;
export type PeopleCallName = keyof typeof peopleCallSchemas;

/** What may go wrong in a good world. `message` is a sentence for the user. */
export interface PeopleError {
  readonly kind: 'off' | 'not-found' | 'full' | 'refused' | 'wrong-passphrase' | 'io';
  readonly message: string;
}

/** Why a code cannot be asked with. */
export interface CodeError {
  readonly kind:
    | 'unfinished'
    | 'mistyped'
    | 'unknown-version'
    | 'own-code'
    | 'already-contact'
    | 'already-asked'
    | 'blocked'
    | 'bad-address'
    | 'full'
    | 'off'
    | 'io';
  readonly message: string;
  /** Places (0 to 11) of the groups that cannot be right; empty where no group is to blame. */
  readonly groups: readonly number[];
}

export type ConnectionState = 'connected' | 'connecting' | 'away';
/** Six words that both people see alike. */
export type SafetyWords = readonly string[];

export interface Token {
  readonly id: string;
  readonly label: string;
  /** 84 characters in groups of seven joined by hyphens. */
  readonly code: string;
  readonly createdMs: number;
  readonly expiresMs: number | null;
  readonly quota: number;
  readonly used: number;
}

export interface Contact {
  readonly peer: string;
  /** The alias that the user gave, else what they told. */
  readonly name: string;
  readonly toldName: string;
  readonly state: ConnectionState;
  /** Null: never yet. */
  readonly lastSeenMs: number | null;
  readonly safetyWords: SafetyWords;
  readonly wordsConfirmed: boolean;
  /** Another key under a known name; another contact of the same name. */
  readonly warning: null | 'key-changed' | 'same-name';
  readonly blocked: boolean;
  /** What they may see of this log. */
  readonly scopeMine: Scope;
  /** What they let this device see; null: not told yet. */
  readonly scopeTheirs: Scope | null;
  /** Messages of theirs that the screen has not shown. */
  readonly unshown: number;
  /** Of the newest message with them, either way. */
  readonly lastMessageMs: number | null;
  /** Lines of this log that were sent to them. */
  readonly audit: { readonly lines: number; readonly lastMs: number } | null;
  /** Known addresses, for the curious. */
  readonly endpoints: readonly string[];
}

/** Somebody asks to be a contact. */
export interface WaitingRequest {
  readonly peer: string;
  readonly name: string;
  readonly note: string;
  /** When it arrived here, by this device's clock. */
  readonly atMs: number;
  readonly safetyWords: SafetyWords;
  /** Label of the code by which they ask; may be empty. Null where that is not known: somebody nearby. */
  readonly viaLabel: string | null;
}

/** A request of one's own that was not accepted yet. */
export interface AskedRequest {
  readonly peer: string;
  /** The first group of the code, or the name where it was found nearby. */
  readonly codeHint: string;
  readonly atMs: number;
  readonly note: string;
}

export interface Room {
  readonly room: string;
  readonly title: string;
  /** Peer ids without one's own; some may be no contacts of this user. */
  readonly members: readonly string[];
  readonly unshown: number;
  readonly lastMessageMs: number | null;
}

/** Everything that the screen shows of people, sent whole at every change. */
export interface PeopleState {
  readonly me: {
    readonly name: string;
    readonly peerId: string;
    /** The code of the default token; empty while there is none. */
    readonly code: string;
    readonly tokens: readonly Token[];
  };
  readonly network: {
    readonly kind: 'starting' | 'on' | 'off' | 'failed';
    readonly sessionPort: number | null;
    /** Null while all is well, else a sentence. */
    readonly message: string | null;
  };
  /** At most 256. */
  readonly contacts: readonly Contact[];
  /** At most 64, newest first. */
  readonly requests: readonly WaitingRequest[];
  readonly asked: readonly AskedRequest[];
  /** Blocked keys, contacts among them. */
  readonly blockedPeers: readonly { readonly peer: string; readonly name: string }[];
  readonly nearby: {
    /** Null: off. */
    readonly untilMs: number | null;
    readonly people: readonly { readonly peer: string; readonly name: string; readonly safetyWords: SafetyWords }[];
  };
  /** At most 64. */
  readonly rooms: readonly Room[];
}

/**
 * How far a message got on its way to one person: `sent`, on this disk and on its way; `received`, their program has it;
 * `kept`, it is on their disk; `shown`, their screen drew it.
 */
export type DeliveryState = 'sent' | 'received' | 'kept' | 'shown';

export interface Message {
  readonly id: string;
  readonly atMs: number;
  /** The other person; null where it belongs to a room. */
  readonly peer: string | null;
  readonly room: string | null;
  /** Who wrote it; null: this user. */
  readonly from: string | null;
  readonly text: string;
  /** One a receiver for messages of this user, none for those of others. */
  readonly states: readonly { readonly peer: string; readonly state: DeliveryState }[];
  /** Whether this screen has shown it; true for messages of this user. */
  readonly shown: boolean;
}

export interface NetworkFinding {
  readonly kind: string;
  readonly severity: 'ok' | 'warn' | 'error';
  readonly message: string;
}

type PeopleAnswer<T> = Result<T, PeopleError>;

/** Answers, by command. */
export interface PeopleCommandOutput {
  'people.state': PeopleAnswer<PeopleState>;
  'people.set-name': PeopleAnswer<void>;
  'people.token-make': PeopleAnswer<Token>;
  'people.token-revoke': PeopleAnswer<void>;
  'people.check-code': Result<{ readonly peer: string; readonly safetyWords: SafetyWords }, CodeError>;
  'people.ask': Result<void, CodeError>;
  'people.withdraw': PeopleAnswer<void>;
  'people.accept': PeopleAnswer<void>;
  'people.decline': PeopleAnswer<void>;
  'people.block': PeopleAnswer<void>;
  'people.unblock': PeopleAnswer<void>;
  'people.remove': PeopleAnswer<void>;
  'people.rename': PeopleAnswer<void>;
  'people.confirm-words': PeopleAnswer<void>;
  'people.scope': PeopleAnswer<void>;
  'people.nearby': PeopleAnswer<void>;
  'people.ask-nearby': PeopleAnswer<void>;
  'people.check': PeopleAnswer<readonly NetworkFinding[]>;
  /** Oldest first, in the order in which they came onto this disk; `more`: older ones are there. */
  'messages.page': PeopleAnswer<{ readonly messages: readonly Message[]; readonly more: boolean }>;
  'messages.send': PeopleAnswer<Message>;
  'messages.shown': PeopleAnswer<void>;
  'room.make': PeopleAnswer<{ readonly room: string }>;
  'room.leave': PeopleAnswer<void>;
  'people.backup': PeopleAnswer<{ readonly path: string } | null>;
  /** How many contacts came back; null when the user chose no file. */
  'people.restore': PeopleAnswer<{ readonly contacts: number } | null>;
}

/** Events of the engine about people, handed on to the screen. */
export type PeopleEvent =
  | { readonly name: 'people.state'; readonly state: PeopleState }
  /** A message that is on this disk, or whose state or `shown` changed. */
  | { readonly name: 'message'; readonly message: Message }
  /** A request that was not there before; told after the `people.state` that holds it. */
  | { readonly name: 'people.request'; readonly request: WaitingRequest };
