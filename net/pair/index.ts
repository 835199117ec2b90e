/** The door of `net/pair`: what two people derive from their keys and their pair secret. */
export { derivePairKeys } from './pair-keys.ts';
export type { PairKeys } from './pair-keys.ts';
export { SAFETY_WORDS_COUNT, safetyWords } from './safety-words.ts';
export { TAG_BYTES, computeTag, importTagKey, tagAt } from './tag.ts';
export type { TagUse } from './tag.ts';
export { TAG_KEYS_LIMIT, TagTable } from './tag-table.ts';
export type { TagMatch } from './tag-table.ts';
