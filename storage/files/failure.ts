/**
 * Turns what the disk threw into a `LogError`: what happened, what was kept, what to do. Messages name files, never
 * their contents.
 */
import type { LogError } from '../log.ts';
import { errorCode } from './files.ts';

const kinds: Readonly<Record<string, LogError['kind']>> = {
  ENOSPC: 'disk-full',
  EDQUOT: 'disk-full',
  EFBIG: 'disk-full',
  EROFS: 'read-only',
  EACCES: 'read-only',
  EPERM: 'read-only',
  ENOENT: 'not-found',
};

function advise(kind: LogError['kind'], code: string): readonly [why: string, advice: string] {
  if (code === 'EFBIG') return ['the system allows no larger file', 'Raise the limit for file sizes, then try again.'];
  if (kind === 'disk-full') return ['the disk is full', 'Free some space, then try again.'];
  if (code === 'EROFS') return ['the disk is read-only', 'Make it writable or choose another data folder.'];
  if (kind === 'read-only') {
    return ['this user may not access it', 'Change the permissions of the folder or choose another data folder.'];
  }
  if (kind === 'not-found') return ['it is not there', 'Check the data folder.'];
  return [
    `the disk reported an error${code === '' ? '' : ` (${code})`}`,
    'Check the disk, and copy the data folder to a safe place.',
  ];
}

/** `what` is a clause such as `The log in /x could not be opened`; `kept` a sentence on what is safe, or empty. */
export function explainFailure(error: unknown, what: string, kept: string): LogError {
  const code = errorCode(error);
  const kind = kinds[code] ?? 'io';
  const [why, advice] = advise(kind, code);
  return { kind, message: [`${what}: ${why}.`, kept, advice].filter((part) => part !== '').join(' ') };
}
