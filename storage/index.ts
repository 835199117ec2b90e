export type * from './entry.ts';
export type * from './log.ts';
