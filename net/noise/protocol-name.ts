/**
 * Protocol names of the Noise Protocol Framework, revision 34, section 8: `Noise_IKpsk2_25519_ChaChaPoly_SHA512`. The
 * DH and the cipher are fixed to those that this folder has; the hash stays a name here, the caller brings the
 * function.
 */
import type { Result } from '../../storage/index.ts';
import { findPattern } from './pattern.ts';
import type { Pattern, PatternError } from './pattern.ts';

export interface ProtocolName {
  /** The whole name, which goes into the handshake hash. At most 255 ASCII characters. */
  readonly name: string;
  readonly pattern: Pattern;
  readonly dh: '25519';
  readonly cipher: 'ChaChaPoly';
  readonly hash: string;
}

/** `message` is a sentence that names what is wrong. */
export interface ProtocolNameError {
  readonly kind: 'unknown-dh' | 'unknown-cipher' | PatternError['kind'];
  readonly message: string;
}

const nameLengthLimit = 255;
const namePattern = /^Noise_([A-Za-z0-9+]+)_([A-Za-z0-9/]+)_([A-Za-z0-9/]+)_([A-Za-z0-9/]+)$/;

export function parseProtocolName(name: string): Result<ProtocolName, ProtocolNameError> {
  const parts = name.length > nameLengthLimit ? null : namePattern.exec(name);
  if (parts === null) {
    return fail('syntax', `Expected Noise_PATTERN_25519_ChaChaPoly_HASH for the protocol name but received ${name}`);
  }
  const [, patternName = '', dh, cipher, hash = ''] = parts;
  if (dh !== '25519') return fail('unknown-dh', `Expected 25519 for the DH but received ${dh}`);
  if (cipher !== 'ChaChaPoly') {
    return fail('unknown-cipher', `Expected ChaChaPoly for the cipher but received ${cipher}`);
  }
  const pattern = findPattern(patternName);
  return pattern.ok ? { ok: true, value: { name, pattern: pattern.value, dh, cipher, hash } } : pattern;
}

function fail(kind: ProtocolNameError['kind'], message: string): Result<ProtocolName, ProtocolNameError> {
  return { ok: false, error: { kind, message } };
}
