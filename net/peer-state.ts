/**
 * The small durable state that sync and messages keep of a peer, under keys that begin with the peer's id, so that
 * all of it goes when the peer is removed. A value that does not read as what it should be counts as absent.
 */
import { createHash } from 'node:crypto';
import * as v from 'valibot';
import type { StateChange, StateStore } from '../storage/state.ts';
import type { PeerId } from './peer-id.ts';

/** `net/<peer>/<parts…>`. With the peer's 64 digits a key stays far below 200 characters. */
export function peerKey(peer: PeerId, ...parts: readonly string[]): string {
  return ['net', peer, ...parts].join('/');
}

/** A game as part of a key: titles are long and hold anything. 32 hex digits of its SHA-256. */
export function gameKey(game: string): string {
  return createHash('sha256').update(game).digest('hex').slice(0, 32);
}

/** Numbers as part of a key, so that keys sort as numbers do. */
export function numberKey(number: number): string {
  return String(number).padStart(15, '0');
}

/** The value of `key` by `schema`; null where there is none that fits. */
export function readState<T>(state: StateStore, key: string, schema: v.GenericSchema<unknown, T>): T | null {
  const text = state.get(key);
  return text === null ? null : parseState(text, schema);
}

/** As `readState`, for a value of `StateStore.list`. */
export function parseState<T>(text: string, schema: v.GenericSchema<unknown, T>): T | null {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
  const parsed = v.safeParse(schema, value);
  return parsed.success ? parsed.output : null;
}

export function toChange(key: string, value: unknown): StateChange {
  return { key, value: value === null ? null : JSON.stringify(value) };
}

/**
 * What brings back what `changes` are about to replace. A write that fails stays in memory and goes to disk with the
 * next one, so what was refused must be taken back.
 */
export function undoOf(state: StateStore, changes: readonly StateChange[]): readonly StateChange[] {
  return changes.map(({ key }) => ({ key, value: state.get(key) }));
}

/**
 * What removes everything kept of a peer: the outbox, the scope, the audit, what was taken of its feeds. Log entries
 * stay.
 */
export function forgetPeer(state: StateStore, peer: PeerId): readonly StateChange[] {
  return state.list(peerKey(peer, '')).map(([key]) => ({ key, value: null }));
}
