/** The door of capture: what the live app, the command line and the tests use of it. */
export type * from './events.ts';
export type * from './frame.ts';
export { frameTime, listFrames, loadFrame, readRegion } from './grab/folder.ts';
export type { FolderError } from './grab/folder.ts';
export { encodePicture } from './image/picture.ts';
export type { FusedStrip } from './image/recipe.ts';
export type { EngineError, EngineReading, EngineWord, InkImage, OcrEngine, Result } from './ocr/engine.ts';
export { createTesseractEngine } from './ocr/tesseract.ts';
export type { TesseractOptions } from './ocr/tesseract.ts';
export { loadProfile } from './parse/profile.ts';
export type { Profile, ProfileError } from './parse/profile.ts';
export { ChatReader } from './reader.ts';
export type { ReaderOptions } from './reader.ts';
