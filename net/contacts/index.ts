/** The door of `net/contacts`: who may talk to this device. */
export { PASSPHRASE_LEAST } from './backup-file.ts';
export type { BackupError } from './backup-file.ts';
export { ENDPOINTS_LIMIT } from './book-record.ts';
export type { AskOutcome } from './asking.ts';
export { ContactBook } from './contact-book.ts';
export type { ContactBookOptions } from './contact-book.ts';
export type { PairSecret, PairSecrets } from './pair-secrets.ts';
export type { ContactError } from './contact-error.ts';
export type { AskedView, ContactView, ContactWarning, RefusedView, TokenView, WaitingView } from './contact-views.ts';
export { CONTACTS_LIMIT, DECLINED_FOR_MS, personLimits } from './person.ts';
export type { SecretSlot } from './person.ts';
export type { BookRequest, RequestOutcome } from './receiving.ts';
export { restoreBackup } from './restoring.ts';
export type { Restored } from './restoring.ts';
export { STAMP_BLOCK } from './stamps.ts';
export { LIVE_TOKENS_LIMIT, TOKEN_QUOTA_DEFAULT, TOKEN_QUOTA_LIMIT } from './token-record.ts';
