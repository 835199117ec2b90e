/** The door of `storage`: what is not named here is nobody else's business. */
export type * from './entry.ts';
export type * from './feeds.ts';
export type * from './log.ts';
export type * from './messages.ts';
export type * from './state.ts';
export { stillOpenMs } from './feeds.ts';
export { isEntryId, makeEntryIds, parseEntryId } from './entry-id.ts';
export { formatTextLine, printable, toJsonLine } from './export/formats.ts';
export type { Files, OpenFile, OpenMode } from './files/files.ts';
export { nodeFiles } from './files/node-files.ts';
export type { Processes } from './files/processes.ts';
export { rewrapKey } from './key/key-file.ts';
export type { KeyAccess, KeyWrap, RewrapOptions } from './key/key-file.ts';
export { openLog } from './open-log.ts';
export type { OpenLogOptions } from './open-log.ts';
