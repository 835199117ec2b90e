/**
 * The request, byte by byte: salt, the MAC by which the holder of a token is told from everybody else before any curve
 * operation, and a Noise X message. Source: spec/PROTOCOL.md, *Request (1)*.
 */
import { createHmac, createSecretKey, hkdfSync, timingSafeEqual } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Result } from '../../storage/index.ts';
import { tokenBytes } from '../code/index.ts';
import type { RequestToken } from '../code/index.ts';
import type { Identity } from '../identity/index.ts';
import { HandshakeState, toPublicKey } from '../noise/index.ts';
import { KEY_BYTES, toPeerId } from '../peer-id.ts';
import type { PeerId } from '../peer-id.ts';
import type { RandomBytes } from '../world.ts';
import { decodePayload, encodePayload } from './request-payload.ts';
import type { PayloadFault, PayloadFields, RequestPayload } from './request-payload.ts';

export const REQUEST_TYPE = 1;
export const REQUEST_BYTES = 1_024;
const saltAt = 1;
const saltBytes = 16;
const macAt = saltAt + saltBytes;
const macBytes = 16;
const messageAt = macAt + macBytes;
const protocol = 'Noise_X_25519_ChaChaPoly_SHA512';

/** What is sent to one person, beside salt and time the same at each repetition. */
export interface RequestContents extends PayloadFields {
  /** Contact key of the one who is asked: 32 bytes. */
  readonly receiver: Uint8Array;
  readonly token: RequestToken;
}

/** A request that was opened: proven to come from the holder of contact key and signing key. */
export interface OpenedRequest extends RequestPayload {
  readonly peer: PeerId;
}

export type RequestFault =
  | PayloadFault
  /** The Noise message is no message to this device. */
  | 'bad-noise'
  /** `acceptSender` said no. */
  | 'unwanted';

/** The key of a token's MACs at the one who made it. @param receiver contact key, 32 bytes. */
export function deriveTokenKey(token: RequestToken, receiver: Uint8Array): KeyObject {
  return createSecretKey(
    new Uint8Array(hkdfSync('sha256', tokenBytes(token), receiver, 'lobbykeep token 1', KEY_BYTES)),
  );
}

/** 16 bytes over all of the packet but its place. */
function computeMac(tokenKey: KeyObject, packet: Uint8Array): Uint8Array {
  const hmac = createHmac('sha256', tokenKey);
  return hmac.update(packet.subarray(0, macAt)).update(packet.subarray(messageAt)).digest().subarray(0, macBytes);
}

/** Whether the packet has the right type and length: all that can be said of it without a token. */
export function hasRequestShape(packet: Uint8Array): boolean {
  return packet.length === REQUEST_BYTES && packet[0] === REQUEST_TYPE;
}

/** The bytes that are the same only in the same request. @param packet of the right shape. */
export function macOf(packet: Uint8Array): Uint8Array {
  return packet.subarray(macAt, messageAt);
}

/** Whether the holder of the token made the packet. @param packet of the right shape. */
export function isMacRight(tokenKey: KeyObject, packet: Uint8Array): boolean {
  return timingSafeEqual(computeMac(tokenKey, packet), macOf(packet));
}

function prologueOf(head: Uint8Array): Uint8Array {
  return Buffer.concat([Buffer.from('lobbykeep request 1'), head.subarray(0, macAt)]);
}

/**
 * 1,024 bytes with a fresh salt and a fresh ephemeral key; takes some 2 ms.
 * Null where the receiver's key is of low order: nobody holds such a key. @throws RangeError for sizes out of bounds.
 */
export function sealRequest(contents: RequestContents, sender: Identity, random: RandomBytes): Uint8Array | null {
  const packet = new Uint8Array(REQUEST_BYTES);
  packet[0] = REQUEST_TYPE;
  packet.set(random(saltBytes), saltAt);
  const noise = new HandshakeState({
    protocol,
    role: 'initiator',
    random,
    prologue: prologueOf(packet),
    localStatic: sender.contact,
    remoteStatic: toPublicKey(contents.receiver),
  });
  const payload = encodePayload(contents, sender, contents.receiver);
  const message = noise.writeMessage(payload);
  payload.fill(0);
  noise.destroy();
  if (!message.ok) return null;
  packet.set(message.value, messageAt);
  packet.set(computeMac(deriveTokenKey(contents.token, contents.receiver), packet), macAt);
  return packet;
}

/**
 * Opens a packet of the right shape whose MAC is right; takes some 2 ms.
 * @param acceptSender asked with the sender's contact key after half of that time; it is not proven then.
 */
export function openRequest(
  packet: Uint8Array,
  receiver: Identity,
  random: RandomBytes,
  acceptSender: (peer: PeerId) => boolean,
): Result<OpenedRequest, RequestFault> {
  const noise = new HandshakeState({
    protocol,
    role: 'responder',
    random,
    prologue: prologueOf(packet),
    localStatic: receiver.contact,
    acceptStatic: (key) => isCanonical(key) && acceptSender(toPeerId(key)),
  });
  const payload = noise.readMessage(packet.subarray(messageAt));
  const sender = noise.remoteStatic;
  noise.destroy();
  if (!payload.ok) return { ok: false, error: payload.error.kind === 'refused' ? 'unwanted' : 'bad-noise' };
  if (sender === null) return { ok: false, error: 'bad-noise' };
  const opened = decodePayload(payload.value, sender, receiver.contact.publicKey);
  payload.value.fill(0);
  return opened.ok ? { ok: true, value: { peer: toPeerId(sender), ...opened.value } } : opened;
}

/**
 * Whether the key is written as RFC 7748 makes it, below 2^255 - 19. Other writings of the same point would give one person
 * several peer ids.
 */
export function isCanonical(key: Uint8Array): boolean {
  if ((key[31] ?? 0) !== 0x7f) return (key[31] ?? 0) < 0x7f;
  for (let at = 30; at > 0; at -= 1) if (key[at] !== 0xff) return true;
  return (key[0] ?? 0) < 0xed;
}
