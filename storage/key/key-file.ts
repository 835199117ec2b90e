/**
 * The key at rest: `key.json` holds the log's id and its random 32-byte key, wrapped. Wrap `none` keeps the key in
 * clear, guarded only by the file's mode: it protects a copied journal, not a copied folder. Wrap `scrypt` (RFC 7914)
 * needs the passphrase; any other wrap belongs to an injected `KeyWrap`, such as Electron's safeStorage.
 * `spec/LOG-FORMAT.md`, "Key".
 */
import { createCipheriv, createDecipheriv, scrypt } from 'node:crypto';
import { join } from 'node:path';
import * as v from 'valibot';
import type { LogError, Result } from '../log.ts';
import { explainFailure } from '../files/failure.ts';
import { errorCode, readWhole, replaceFile } from '../files/files.ts';
import type { Files } from '../files/files.ts';

export const keyFileName = 'key.json';
const keyBytes = 32;
const keyFileBytesLimit = 16_384;
/** 128 MiB and about half a second a guess; the least that OWASP's password storage sheet accepts for scrypt. */
const cost = { n: 2 ** 17, r: 8, p: 1 } as const;

/** Wraps the key by something outside the folder. */
export interface KeyWrap {
  /** Names the wrap in `key.json`: lower-case letters and dashes, not `none` or `scrypt`. */
  readonly kind: string;
  seal(key: Uint8Array): Promise<Uint8Array>;
  /** The key; null where it cannot be had (another user, another machine, a locked keychain). */
  open(sealed: Uint8Array): Promise<Uint8Array | null>;
}

/** What opens a wrapped key: both may be absent. */
export interface KeyAccess {
  readonly passphrase?: string | undefined;
  readonly key?: KeyWrap | undefined;
}

export interface LogKey {
  /** 16 bytes. */
  readonly logId: Uint8Array;
  /** 32 bytes; never leaves this process. */
  readonly key: Uint8Array;
}

const hex = (bytes: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${bytes * 2}}$`)));
const hexUpTo = (bytes: number) => v.pipe(v.string(), v.regex(new RegExp(`^([0-9a-f]{2}){1,${bytes}}$`)));
const within = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));

const schema = v.object({
  format: v.literal('lobbykeep-key'),
  version: v.literal(1),
  logId: hex(16),
  wrap: v.variant('kind', [
    v.object({ kind: v.literal('none'), key: hex(keyBytes) }),
    v.object({
      kind: v.literal('scrypt'),
      // Bounds, because a hostile file must not take all memory: 2^20 * 128 * 8 is 1 GiB.
      n: v.pipe(
        within(2 ** 14, 2 ** 20),
        v.check((n) => Number.isInteger(Math.log2(n)), 'Expected a power of two'),
      ),
      r: within(1, 8),
      p: within(1, 4),
      salt: hex(16),
      nonce: hex(12),
      sealed: hex(keyBytes + 16),
    }),
    v.object({ kind: v.literal('other'), name: v.pipe(v.string(), v.regex(/^[a-z-]{1,40}$/)), sealed: hexUpTo(4096) }),
  ]),
});
type KeyFile = v.InferOutput<typeof schema>;
type Wrap = KeyFile['wrap'];

const toHex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
const fromHex = (text: string) => new Uint8Array(Buffer.from(text, 'hex'));

function derive(passphrase: string, salt: Uint8Array, n: number, r: number, p: number): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    // NFKC: the same passphrase typed on two systems may be composed differently.
    scrypt(passphrase.normalize('NFKC'), salt, keyBytes, { N: n, r, p, maxmem: 256 * n * r }, (error, derived) => {
      if (error === null) resolve(new Uint8Array(derived));
      else reject(error);
    });
  });
}

async function wrapKey(logKey: LogKey, access: KeyAccess, random: (count: number) => Uint8Array): Promise<Wrap> {
  if (access.key !== undefined) {
    return { kind: 'other', name: access.key.kind, sealed: toHex(await access.key.seal(logKey.key)) };
  }
  if (access.passphrase === undefined) return { kind: 'none', key: toHex(logKey.key) };
  const salt = random(16);
  const nonce = random(12);
  const wrapping = await derive(access.passphrase, salt, cost.n, cost.r, cost.p);
  const cipher = createCipheriv('aes-256-gcm', wrapping, nonce).setAAD(logKey.logId);
  const sealed = Buffer.concat([cipher.update(logKey.key), cipher.final(), cipher.getAuthTag()]);
  return { kind: 'scrypt', ...cost, salt: toHex(salt), nonce: toHex(nonce), sealed: toHex(sealed) };
}

function fail(kind: LogError['kind'], message: string): { ok: false; error: LogError } {
  return { ok: false, error: { kind, message } };
}

async function openScrypt(
  wrap: Extract<Wrap, { kind: 'scrypt' }>,
  logId: Uint8Array,
  passphrase: string,
): Promise<Uint8Array | null> {
  const wrapping = await derive(passphrase, fromHex(wrap.salt), wrap.n, wrap.r, wrap.p);
  const sealed = fromHex(wrap.sealed);
  const decipher = createDecipheriv('aes-256-gcm', wrapping, fromHex(wrap.nonce));
  decipher.setAAD(logId).setAuthTag(sealed.subarray(keyBytes));
  try {
    return new Uint8Array(Buffer.concat([decipher.update(sealed.subarray(0, keyBytes)), decipher.final()]));
  } catch (error) {
    if (error instanceof Error) return null;
    throw error;
  }
}

async function unwrapKey(folder: string, file: KeyFile, access: KeyAccess): Promise<Result<LogKey, LogError>> {
  const { wrap } = file;
  const logId = fromHex(file.logId);
  const nothingLost = 'Nothing was changed.';
  switch (wrap.kind) {
    case 'none':
      return { ok: true, value: { logId, key: fromHex(wrap.key) } };
    case 'scrypt': {
      if (access.passphrase === undefined) {
        return fail(
          'locked-key',
          `The log in ${folder} is locked by a passphrase. ${nothingLost} Enter the passphrase.`,
        );
      }
      const key = await openScrypt(wrap, logId, access.passphrase);
      if (key === null) {
        return fail(
          'wrong-passphrase',
          `That is not the passphrase of the log in ${folder}. ${nothingLost} Try again.`,
        );
      }
      return { ok: true, value: { logId, key } };
    }
    case 'other':
      break;
  }
  const key = access.key?.kind === wrap.name ? await access.key.open(fromHex(wrap.sealed)) : null;
  if (key === null || key.length !== keyBytes) {
    const message =
      `The key of the log in ${folder} is kept by "${wrap.name}", which did not hand it out here. ${nothingLost} ` +
      `Open the log as the same user on the same machine, by the program that made it.`;
    return fail('locked-key', message);
  }
  return { ok: true, value: { logId, key } };
}

function serialise(logId: Uint8Array, wrap: Wrap): Uint8Array {
  const file: KeyFile = { format: 'lobbykeep-key', version: 1, logId: toHex(logId), wrap };
  return new TextEncoder().encode(`${JSON.stringify(file, null, 2)}\n`);
}

function damaged(folder: string): { ok: false; error: LogError } {
  const message =
    `The file ${join(folder, keyFileName)} is damaged, so the log beside it cannot be read. Nothing was changed. ` +
    `Put back a copy of that file; without it nobody can read the log.`;
  return fail('damaged', message);
}

/** Reads `key.json`; null where there is none. */
async function readKeyFile(files: Files, folder: string): Promise<Result<KeyFile, LogError> | null> {
  try {
    const bytes = await readWhole(files, join(folder, keyFileName), keyFileBytesLimit);
    const parsed = v.safeParse(schema, JSON.parse(new TextDecoder().decode(bytes)));
    return parsed.success ? { ok: true, value: parsed.output } : damaged(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return null;
    // A file that is too long to be a key is none, whatever the disk would take.
    if (error instanceof SyntaxError || errorCode(error) === 'EFBIG') return damaged(folder);
    return { ok: false, error: explainFailure(error, `The key of the log in ${folder} could not be read`, '') };
  }
}

/** The log's key; null where the folder has no key file. */
export async function openKey(
  files: Files,
  folder: string,
  access: KeyAccess,
): Promise<Result<LogKey, LogError> | null> {
  const file = await readKeyFile(files, folder);
  if (file === null || !file.ok) return file;
  return unwrapKey(folder, file.value, access);
}

/** Makes a key for a fresh log and stores it wrapped as `access` says (`KeyWrap` before passphrase before none). */
export async function createKey(
  files: Files,
  folder: string,
  access: KeyAccess,
  random: (count: number) => Uint8Array,
): Promise<Result<LogKey, LogError>> {
  const logKey: LogKey = { logId: random(16), key: random(keyBytes) };
  try {
    const wrap = await wrapKey(logKey, access, random);
    await replaceFile(files, folder, keyFileName, [serialise(logKey.logId, wrap)]);
    return { ok: true, value: logKey };
  } catch (error) {
    return {
      ok: false,
      error: explainFailure(
        error,
        `The key of a fresh log could not be written to ${folder}`,
        'Nothing was logged yet.',
      ),
    };
  }
}

export interface RewrapOptions {
  /** The log's folder. */
  readonly folder: string;
  readonly files: Files;
  readonly random: (count: number) => Uint8Array;
  /** What opens the key now. */
  readonly current: KeyAccess;
  /** What shall open it from now on; empty: nothing but the file's mode. */
  readonly next: KeyAccess;
}

/**
 * Wraps the log's key anew: sets, changes or takes away the passphrase or the keychain. The key itself stays, so an
 * older copy of `key.json` still opens the log. A crash leaves the old or the new file.
 */
export async function rewrapKey(options: RewrapOptions): Promise<Result<void, LogError>> {
  const { folder, files, random } = options;
  const opened = await openKey(files, folder, options.current);
  if (opened === null) return fail('not-found', `There is no log in ${folder}. Check the data folder.`);
  if (!opened.ok) return opened;
  try {
    const wrap = await wrapKey(opened.value, options.next, random);
    await replaceFile(files, folder, keyFileName, [serialise(opened.value.logId, wrap)]);
    return { ok: true, value: undefined };
  } catch (error) {
    const what = `The key of the log in ${folder} could not be stored with its new protection`;
    return { ok: false, error: explainFailure(error, what, 'The old protection still holds.') };
  }
}
