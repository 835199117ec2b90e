/**
 * What a passphrase of a backup must be, in words.
 */

/** As the command takes: UTF-16 units. */
export const shortestPassphrase = 8;

/** Why it cannot be used, or null; `again`: the second typing, null where it is typed once. */
export function passphraseProblem(passphrase: string, again: string | null): string | null {
  if (passphrase.length < shortestPassphrase) return `At least ${shortestPassphrase} characters; a few words are best.`;
  if (again !== null && again !== passphrase) return 'The two are not the same yet.';
  return null;
}
