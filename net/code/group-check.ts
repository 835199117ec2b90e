/**
 * The check character of a group of six: a weighted sum in GF(32) that notices every wrong character and every two
 * neighbours that changed places, and in which the group's own place takes part, so that groups that changed places are
 * noticed, too. Source: spec/PROTOCOL.md, *The code*.
 */

export const GROUP_COUNT = 12;
/** With its check character. */
export const GROUP_LENGTH = 7;

/** x^5 + x^2 + 1. */
const fieldPolynomial = 0b100101;

function timesTwo(value: number): number {
  const doubled = value << 1;
  return doubled >= 32 ? doubled ^ fieldPolynomial : doubled;
}

/** Sum of 2^(i+1) · v_i, by Horner's rule. */
function weigh(digits: readonly number[]): number {
  return digits.reduceRight((sum, digit) => timesTwo(sum ^ digit), 0);
}

/** 0 to 31. @param digits six values of 0 to 31. @param place 0 to 11. */
export function computeCheckDigit(digits: readonly number[], place: number): number {
  return weigh(digits) ^ (place + 1);
}

/** The place for which a group of seven is right; -1 where no place of a code has it. */
export function findPlace(group: readonly number[]): number {
  const check = group[GROUP_LENGTH - 1] ?? 0;
  const place = (weigh(group.slice(0, GROUP_LENGTH - 1)) ^ check) - 1;
  return place < GROUP_COUNT ? place : -1;
}
