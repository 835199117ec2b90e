/**
 * Records of one class on their way in: fragments in any order, twice or overlapping, put together and given out in the
 * order of their numbers, each once. Holds no more than the credit that the peer was given (spec/PROTOCOL.md, *Delivery*):
 * a peer that goes beyond it, or tells two totals of one record, has broken the protocol.
 */
import type { RecordFrame } from './frames.ts';
import { CREDIT_WINDOW_BYTES, MAX_RECORDS_AHEAD, chargeOf } from './limits.ts';
import { RangeSet } from './range-set.ts';

/** Ranges of one record that are there, at most: more holes than packets can be on their way. */
const rangesLimit = 4_096;
/** Credit is told again when so much of the window was consumed. */
const creditStepBytes = CREDIT_WINDOW_BYTES / 4;

interface PartialRecord {
  readonly bytes: Uint8Array;
  /** Null: all is there. */
  have: RangeSet | null;
}

/**
 * `taken`: something of it was missing. `known`: nothing was. `refused`: it cannot be held; the packet is not to be
 * acknowledged, so the peer sends it again. `broken`: the peer broke a bound or contradicts itself.
 */
export type FragmentTaken = 'taken' | 'known' | 'refused' | 'broken';

export class IncomingClass {
  /** By number, from `#next` on. */
  readonly #records = new Map<number, PartialRecord>();
  #next = 0;
  /** What all of `#records` count. */
  #heldCharge = 0;
  #highest = -1;
  #highestEnd = 0;
  /** Where record `#next` begins. */
  #releasedCharge = 0;
  #consumedCharge = 0;
  #credit = CREDIT_WINDOW_BYTES;
  #mustTell = false;

  /** Bytes of memory that records hold which are not given out. */
  get heldBytes(): number {
    return this.#heldCharge;
  }

  take(frame: RecordFrame): FragmentTaken {
    if (frame.number < this.#next) return 'known';
    if (frame.number >= this.#next + MAX_RECORDS_AHEAD) return 'broken';
    const end = frame.offset + frame.length;
    const known = this.#records.get(frame.number);
    if (known === undefined) return this.#begin(frame, end);
    if (known.bytes.length !== frame.totalBytes) return 'broken';
    if (known.have === null || known.have.covers(frame.offset, end)) return 'known';
    if (frame.number === this.#highest) {
      const highestEnd = Math.max(this.#highestEnd, end);
      if (!this.#isWithinCredit(this.#heldCharge - chargeOf(frame.totalBytes), highestEnd)) return 'broken';
      this.#highestEnd = highestEnd;
    }
    if (known.have.count >= rangesLimit) return 'refused';
    known.have.add(frame.offset, end);
    known.bytes.set(frame.packet.subarray(frame.at, frame.at + frame.length), frame.offset);
    if (known.have.covers(0, frame.totalBytes)) known.have = null;
    return 'taken';
  }

  /** The first fragment of a record: the memory for all of it is taken only once the credit is found to allow it. */
  #begin(frame: RecordFrame, end: number): FragmentTaken {
    const charge = chargeOf(frame.totalBytes);
    const isHighest = frame.number > this.#highest;
    const before = isHighest ? this.#heldCharge : this.#heldCharge + charge - this.#highestCharge();
    if (!this.#isWithinCredit(before, isHighest ? end : this.#highestEnd)) return 'broken';
    const part = frame.packet.subarray(frame.at, frame.at + frame.length);
    if (frame.length === frame.totalBytes) this.#records.set(frame.number, { bytes: part.slice(), have: null });
    else {
      const bytes = new Uint8Array(frame.totalBytes);
      bytes.set(part, frame.offset);
      const have = new RangeSet();
      have.add(frame.offset, end);
      this.#records.set(frame.number, { bytes, have });
    }
    this.#heldCharge += charge;
    if (isHighest) {
      this.#highest = frame.number;
      this.#highestEnd = end;
    }
    return 'taken';
  }

  #highestCharge(): number {
    const highest = this.#records.get(this.#highest);
    return highest === undefined ? 0 : chargeOf(highest.bytes.length);
  }

  /**
   * A peer that keeps to its credit begins the highest record no earlier than all that is known before it takes: what stands
   * before it and the bytes that came of it must lie within the credit that it was told.
   */
  #isWithinCredit(chargeBefore: number, end: number): boolean {
    return this.#releasedCharge + chargeBefore + end <= this.#credit;
  }

  /** The next record in order if it is whole, else null. */
  release(): Uint8Array | null {
    const record = this.#records.get(this.#next);
    if (record === undefined || record.have !== null) return null;
    this.#records.delete(this.#next);
    this.#next += 1;
    const charge = chargeOf(record.bytes.length);
    this.#heldCharge -= charge;
    this.#releasedCharge += charge;
    return record.bytes;
  }

  /** A record of `sizeBytes` that was given out takes no more room. @throws RangeError beyond what was given out. */
  consume(sizeBytes: number): void {
    const consumed = this.#consumedCharge + chargeOf(sizeBytes);
    if (!(sizeBytes > 0 && consumed <= this.#releasedCharge)) {
      throw new RangeError(`Expected the size of a record that was given out for sizeBytes but received ${sizeBytes}`);
    }
    this.#consumedCharge = consumed;
  }

  /** Whether a CREDIT frame is due. */
  get mustTellCredit(): boolean {
    return this.#mustTell || this.#consumedCharge + CREDIT_WINDOW_BYTES - this.#credit >= creditStepBytes;
  }

  /** The limit to write into a CREDIT frame; from here on it holds. */
  tellCredit(): number {
    this.#mustTell = false;
    this.#credit = this.#consumedCharge + CREDIT_WINDOW_BYTES;
    return this.#credit;
  }

  /** A CREDIT frame with `limit` was lost: tell it again, unless a later one was written since. */
  tellAgain(limit: number): void {
    if (limit === this.#credit) this.#mustTell = true;
  }
}
