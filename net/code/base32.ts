/** Crockford's base32 as the code has it: five bits a character, the most significant first. https://www.crockford.com/base32.html */

const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
const bitsPerCharacter = 5;

function makeValues(): ReadonlyMap<string, number> {
  const values = new Map<string, number>();
  for (const [value, character] of Array.from(alphabet).entries()) {
    values.set(character, value).set(character.toLowerCase(), value);
  }
  for (const [similar, value] of [['I', 1] as const, ['L', 1] as const, ['O', 0] as const]) {
    values.set(similar, value).set(similar.toLowerCase(), value);
  }
  return values;
}

const values = makeValues();

/** 0 to 31; null for a character that no code has. `I` and `L` are 1, `O` is 0, case does not count. */
export function valueOf(character: string): number | null {
  return values.get(character) ?? null;
}

/** @param value 0 to 31. */
export function characterOf(value: number): string {
  return alphabet.charAt(value);
}

/** The values of `bytes`, whose bits must fill whole characters: a multiple of 5 bytes, else RangeError. */
export function splitBytes(bytes: Uint8Array): readonly number[] {
  if (bytes.length % bitsPerCharacter !== 0) {
    throw new RangeError(`Expected a multiple of 5 bytes for base32 but received ${bytes.length}`);
  }
  const digits: number[] = [];
  let held = 0;
  let heldBits = 0;
  for (const byte of bytes) {
    held = (held << 8) | byte;
    heldBits += 8;
    while (heldBits >= bitsPerCharacter) {
      heldBits -= bitsPerCharacter;
      digits.push((held >> heldBits) & 31);
      held &= (1 << heldBits) - 1;
    }
  }
  return digits;
}

/** The bytes of `digits` (0 to 31 each); bits that do not fill a byte are left out. */
export function joinBits(digits: readonly number[]): Uint8Array {
  const bytes = new Uint8Array(Math.floor((digits.length * bitsPerCharacter) / 8));
  let held = 0;
  let heldBits = 0;
  let at = 0;
  for (const digit of digits) {
    held = (held << bitsPerCharacter) | digit;
    heldBits += bitsPerCharacter;
    if (heldBits >= 8) {
      heldBits -= 8;
      bytes[at] = held >> heldBits;
      at += 1;
      held &= (1 << heldBits) - 1;
    }
  }
  return bytes;
}
