/**
 * Epochs of 15 minutes: what hints and beacon tags are made for, so that nobody can follow a device by them for longer.
 * Source: spec/PROTOCOL.md, *Keys*.
 */

declare const epochBrand: unique symbol;
/** Whole epochs since 1970 UTC, a u32. */
export type Epoch = number & { readonly [epochBrand]: true };

export const EPOCH_SECONDS = 900;
/** Epochs on either side of one's own that are understood: clocks may differ by 12 hours. */
export const EPOCH_REACH = 48;

const epochLimit = 2 ** 32;

export function isEpoch(value: number): value is Epoch {
  return Number.isInteger(value) && value >= 0 && value < epochLimit;
}

/** `value` as an epoch. @throws RangeError unless it is a whole number from 0 to 2^32 - 1. */
export function toEpoch(value: number): Epoch {
  if (isEpoch(value)) return value;
  throw new RangeError(`Expected a whole number from 0 to 2^32 - 1 for an epoch but received ${String(value)}`);
}

/** The epoch of a Unix time in ms. A clock that stands outside of all epochs is taken to the nearest. */
export function epochOf(unixMs: number): Epoch {
  const epoch = Math.floor(unixMs / 1_000 / EPOCH_SECONDS);
  return toEpoch(Math.min(Math.max(Number.isNaN(epoch) ? 0 : epoch, 0), epochLimit - 1));
}

/** 4 bytes, little-endian. */
export function encodeEpoch(epoch: Epoch): Uint8Array {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, epoch, true);
  return bytes;
}

/** The epochs that a receiver understands at `epoch`, from low to high; at most 97. */
export function epochsAround(epoch: Epoch): readonly Epoch[] {
  const first = Math.max(0, epoch - EPOCH_REACH);
  const last = Math.min(epochLimit - 1, epoch + EPOCH_REACH);
  return Array.from({ length: last - first + 1 }, (_, index) => toEpoch(first + index));
}
