/**
 * What a step of the set-up returns: what may go wrong on a good day (no network, no compiler, a full disk) is a value
 * with a sentence for the person at the keyboard; a thrown error is a programmer's mistake.
 */

/**
 * @typedef {{ readonly kind: string, readonly message: string }} Failure kind: a stable word for code; message: one or
 *   two sentences for the user: what happened, what to do.
 */

/**
 * @template T
 * @typedef {{ readonly ok: true, readonly value: T } | { readonly ok: false, readonly error: Failure }} Result
 */

/**
 * @template T
 * @param {T} value
 * @returns {{ readonly ok: true, readonly value: T }}
 */
export function succeed(value) {
  return { ok: true, value };
}

/**
 * @param {string} kind
 * @param {string} message
 * @returns {{ readonly ok: false, readonly error: Failure }}
 */
export function fail(kind, message) {
  return { ok: false, error: { kind, message } };
}

/**
 * The text of whatever was thrown, for the end of a sentence; a full disk and a read-only folder get words of their own.
 * @param {unknown} thrown
 * @returns {string}
 */
export function reasonOf(thrown) {
  const code = errorCode(thrown);
  if (code === 'ENOSPC') return 'the disk is full (ENOSPC)';
  if (code === 'EROFS' || code === 'EACCES' || code === 'EPERM') return `the folder may not be written (${code})`;
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/**
 * @param {unknown} thrown
 * @returns {string | null} the system's error code (`ENOENT`), or null where there is none
 */
export function errorCode(thrown) {
  if (typeof thrown !== 'object' || thrown === null || !('code' in thrown)) return null;
  return typeof thrown.code === 'string' ? thrown.code : null;
}
