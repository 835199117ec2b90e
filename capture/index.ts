export type * from './events.ts';
export type * from './frame.ts';
