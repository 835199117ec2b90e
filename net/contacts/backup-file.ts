/**
 * The file of a backup: JSON in clear that says how to open it, and in it, under a passphrase (scrypt, RFC 7914; AES-256-GCM),
 * the keys of this device and the records of the book. Its size tells how full the book is to the next 4 KiB, no more.
 */
import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import * as v from 'valibot';
import type { Result, UnixMs } from '../../storage/index.ts';
import { fromHex, hexOf, toHex } from '../identity/index.ts';
import type { RandomBytes } from '../world.ts';

/** `message` is a sentence for the user. */
export interface BackupError {
  readonly kind:
    'passphrase-too-short' | 'wrong-passphrase' | 'not-a-backup' | 'newer-version' | 'damaged' | 'not-kept';
  readonly message: string;
}

export type BookEntry = readonly [key: string, value: string];

export interface BackupContents {
  readonly madeMs: UnixMs;
  /** As `encodeIdentity` wrote it. */
  readonly identity: string;
  /** Keys and values of the state store. */
  readonly entries: readonly BookEntry[];
}

/** Characters. The whole book, for ever, is behind it. */
export const PASSPHRASE_LEAST = 8;
const passphraseMost = 1_024;
const formatName = 'lobbykeep-contacts';
const version = 1;
/** A book filled to its bounds takes 2 MiB. */
const fileLimit = 16 * 1024 * 1024;
const blockBytes = 4_096;
const keyBytes = 32;
const saltBytes = 16;
const nonceBytes = 12;
const tagBytes = 16;
/** Of scrypt; `n` a power of two, 2^14 to 2^20. */
export interface BackupCost {
  readonly n: number;
  readonly r: number;
  readonly p: number;
}

/** As for the key of the log: 128 MiB and about half a second a guess. */
const usualCost: BackupCost = { n: 2 ** 17, r: 8, p: 1 };

const within = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const headSchema = v.object({ format: v.literal(formatName), version: within(1, 2 ** 31) });
const fileSchema = v.object({
  format: v.literal(formatName),
  version: v.literal(version),
  // Bounds, because a hostile file must not take all memory: 2^20 * 128 * 8 is 1 GiB.
  n: v.pipe(
    within(2 ** 14, 2 ** 20),
    v.check((n) => Number.isInteger(Math.log2(n))),
  ),
  r: within(1, 8),
  p: within(1, 4),
  salt: hexOf(saltBytes),
  nonce: hexOf(nonceBytes),
  sealed: v.pipe(v.string(), v.base64()),
});
type BackupFile = v.InferOutput<typeof fileSchema>;
const contentsSchema = v.object({
  madeMs: v.pipe(v.number(), v.safeInteger(), v.minValue(0)),
  identity: v.string(),
  entries: v.array(v.tuple([v.string(), v.string()])),
});

/** Text for a file; refused where the passphrase is too short. */
export async function sealBackup(
  contents: BackupContents,
  passphrase: string,
  random: RandomBytes,
  cost: BackupCost = usualCost,
): Promise<Result<string, BackupError>> {
  if (passphrase.length < PASSPHRASE_LEAST) {
    return fail(
      'passphrase-too-short',
      `A passphrase needs at least ${PASSPHRASE_LEAST} characters. Nothing was made.`,
    );
  }
  const head = {
    format: formatName,
    version,
    ...cost,
    salt: toHex(random(saltBytes)),
    nonce: toHex(random(nonceBytes)),
  };
  const key = await deriveKey(passphrase, head);
  const cipher = createCipheriv('aes-256-gcm', key, fromHex(head.nonce)).setAAD(boundHead(head));
  const sealed = Buffer.concat([cipher.update(padded(contents)), cipher.final(), cipher.getAuthTag()]);
  key.fill(0);
  return { ok: true, value: `${JSON.stringify({ ...head, sealed: sealed.toString('base64') }, null, 2)}\n` };
}

/** What `sealBackup` sealed. Takes half a second, whatever the passphrase. */
export async function openBackup(text: string, passphrase: string): Promise<Result<BackupContents, BackupError>> {
  const file = parseFile(text);
  if (!file.ok) return file;
  const plain = await unseal(file.value, passphrase);
  if (plain === null) {
    return fail('wrong-passphrase', 'That is not the passphrase of this backup, or the file is damaged. Try again.');
  }
  const contents = v.safeParse(contentsSchema, parseJson(plain.toString('utf8')));
  plain.fill(0);
  return contents.success ? { ok: true, value: contents.output } : damaged();
}

export function damaged(): Result<never, BackupError> {
  return fail('damaged', 'This backup is damaged, so nothing was restored. Use another copy of it.');
}

function parseFile(text: string): Result<BackupFile, BackupError> {
  const value = text.length > fileLimit ? null : parseJson(text);
  const head = v.safeParse(headSchema, value);
  if (!head.success) {
    return fail('not-a-backup', 'This file is no backup of contacts, so nothing was restored. Choose another one.');
  }
  if (head.output.version !== version) {
    const message =
      'This backup was made by a newer version of Lobbykeep, so nothing was restored. Update Lobbykeep first.';
    return fail('newer-version', message);
  }
  const file = v.safeParse(fileSchema, value);
  return file.success ? { ok: true, value: file.output } : damaged();
}

async function unseal(file: BackupFile, passphrase: string): Promise<Buffer | null> {
  const sealed = Buffer.from(file.sealed, 'base64');
  if (sealed.length < tagBytes) return null;
  const key = await deriveKey(passphrase, file);
  const decipher = createDecipheriv('aes-256-gcm', key, fromHex(file.nonce), { authTagLength: tagBytes });
  key.fill(0);
  decipher.setAAD(boundHead(file)).setAuthTag(sealed.subarray(sealed.length - tagBytes));
  try {
    return Buffer.concat([decipher.update(sealed.subarray(0, sealed.length - tagBytes)), decipher.final()]);
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

type Head = Omit<BackupFile, 'sealed' | 'format' | 'version'>;

/** All that stands in clear takes part in the tag. */
function boundHead({ n, r, p, salt, nonce }: Head): Uint8Array {
  return Buffer.from([formatName, version, n, r, p, salt, nonce].join(' '));
}

function deriveKey(passphrase: string, { n, r, p, salt }: Head): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    // NFKC: the same passphrase typed on two systems may be composed differently.
    const typed = passphrase.slice(0, passphraseMost).normalize('NFKC');
    scrypt(typed, fromHex(salt), keyBytes, { N: n, r, p, maxmem: 256 * n * r }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}

/** JSON and blanks to a whole number of blocks. */
function padded(contents: BackupContents): Buffer {
  const json = Buffer.from(JSON.stringify(contents));
  const blanks = blockBytes - (json.length % blockBytes);
  return Buffer.concat([json, Buffer.alloc(blanks, ' ')]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function fail(kind: BackupError['kind'], message: string): { readonly ok: false; readonly error: BackupError } {
  return { ok: false, error: { kind, message } };
}
