/**
 * The batch record: a run of one feed's numbers, signed. What is signed is the packed JSON as it travels, so nobody has
 * to write or pack JSON the same way twice. Source: spec/PROTOCOL.md, *Feeds*.
 */
import { createHash } from 'node:crypto';
import type { Result } from '../../storage/log.ts';
import { BATCH_ELEMENTS, COUNT_LIMIT, FEED_LENGTH } from './bounds.ts';
import { checkEntry, isLabel } from './entry-check.ts';
import type { WireEntry } from './entry-check.ts';
import { isFeedId, isGeneration } from './ids.ts';
import type { FeedId, Generation } from './ids.ts';
import { packJson, unpackJson } from './packed-json.ts';

/** Which numbers a batch is about. */
export interface BatchHead {
  readonly feed: FeedId;
  readonly game: string;
  readonly generation: Generation;
  /** Revision of the sender's scope under which the entries were chosen. */
  readonly scope: number;
  /** Number of the first element, from 1. */
  readonly from: number;
}

export interface Batch extends BatchHead {
  /** Entries, or n > 0 for n holes in a row; 1 to 512. */
  readonly entries: readonly (WireEntry | number)[];
  /** Numbers that it spans. */
  readonly span: number;
  /** What the signature is of. */
  readonly signed: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

const signatureBytes = 64;
const context = Buffer.from('lobbykeep batch 1');

/** `lobbykeep batch 1` ‖ SHA-256 of the packed JSON. */
function signedMessage(packed: Uint8Array): Uint8Array {
  return Buffer.concat([context, createHash('sha256').update(packed).digest()]);
}

/**
 * The body of a batch: signature, then the packed JSON. `elements` are entries as `formatEntry` writes them, or decimal
 * numbers of holes.
 * @throws RangeError for a signature that has not 64 bytes.
 */
export function encodeBatch(
  head: BatchHead,
  elements: readonly string[],
  sign: (message: Uint8Array) => Uint8Array,
): Uint8Array {
  const { feed, game, generation, scope, from } = head;
  const start = JSON.stringify({ feed, game, generation, scope, from });
  const json = Buffer.from(`${start.slice(0, -1)},"entries":[${elements.join(',')}]}`);
  const packed = packJson(json);
  const signature = sign(signedMessage(packed));
  if (signature.length !== signatureBytes) {
    throw new RangeError(`Expected ${signatureBytes} bytes for a signature but received ${signature.length}`);
  }
  return Buffer.concat([signature, packed]);
}

/** The batch in `body`, its shape checked and nothing else: the signature is the caller's to verify. */
export function decodeBatch(body: Uint8Array): Result<Batch, 'not-json' | 'wrong-shape'> {
  const wrong = { ok: false, error: 'wrong-shape' } as const;
  const packed = body.subarray(signatureBytes);
  const text = unpackJson(packed);
  if (text === null) return wrong;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return { ok: false, error: 'not-json' };
    throw error;
  }
  const head = checkHead(value);
  if (head === null) return wrong;
  const entries: (WireEntry | number)[] = [];
  let span = 0;
  for (const element of head.elements) {
    const entry = typeof element === 'number' ? element : checkEntry(element);
    if (entry === null || (typeof entry === 'number' && !isCount(entry, FEED_LENGTH))) return wrong;
    // A lobby that names another game would put lines where the scope did not look.
    if (typeof entry === 'object' && entry.kind === 'session' && entry.game !== head.game) return wrong;
    entries.push(entry);
    span += typeof entry === 'number' ? entry : 1;
  }
  const { feed, game, generation, scope, from } = head;
  if (from + span - 1 > FEED_LENGTH) return wrong;
  const signed = signedMessage(packed);
  const signature = body.slice(0, signatureBytes);
  return { ok: true, value: { feed, game, generation, scope, from, entries, span, signed, signature } };
}

function checkHead(value: unknown): (BatchHead & { readonly elements: readonly unknown[] }) | null {
  if (typeof value !== 'object' || value === null) return null;
  const { feed, game, generation, scope, from, entries }: Partial<Record<string, unknown>> = { ...value };
  if (!isFeedId(feed) || !isLabel(game) || !isGeneration(generation)) return null;
  if (!isCount(scope, COUNT_LIMIT) || !isCount(from, FEED_LENGTH)) return null;
  if (!Array.isArray(entries)) return null;
  if (entries.length < 1 || entries.length > BATCH_ELEMENTS) return null;
  return { feed, game, generation, scope, from, elements: entries };
}

function isCount(value: unknown, limit: number): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= limit;
}
