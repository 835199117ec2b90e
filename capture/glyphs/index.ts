/** The door of the learned font: what the engines and the command line use of it. */
export { FontEngine } from './font-engine.ts';
export type { FontEngineStats } from './font-engine.ts';
export { decodeFont, encodeFont, MOST_FONT_BYTES } from './font-file.ts';
export type { FontFileError } from './font-file.ts';
export { GlyphFont } from './font.ts';
export type { GlyphPixels } from './shape.ts';
