/** The door of capture: what the live app, the command line and the tests use of it. */
export { DiagnosticsRecorder, writeBundle } from './diagnostics/index.ts';
export type { BundleError, BundleSubject } from './diagnostics/index.ts';
export type * from './events.ts';
export type * from './frame.ts';
export { framesOf, looksOf, openBundle } from './grab/bundle.ts';
export type { TextBundle } from './grab/bundle.ts';
export { frameTime, listFrames, loadFrame, readRegion } from './grab/folder.ts';
export type { FolderError } from './grab/folder.ts';
export { decodeFont, encodeFont, FontEngine, GlyphFont, MOST_FONT_BYTES } from './glyphs/index.ts';
export type { FontEngineStats, FontFileError, GlyphPixels } from './glyphs/index.ts';
export { encodePicture } from './image/picture.ts';
export { LeadColumn } from './image/lead.ts';
export type { KnownLead } from './image/lead.ts';
export type { FusedStrip, InkImage } from './image/recipe.ts';
export { chatLanguages } from './ocr/chat-languages.ts';
export type {
  EngineCharacter,
  EngineError,
  EngineLine,
  EngineReading,
  EngineWord,
  KeptLine,
  Learner,
  OcrEngine,
  Result,
} from './ocr/engine.ts';
export { engineChoices, startReadingEngine } from './ocr/reading-engine.ts';
export type { EngineChoice, ReadingEngine, ReadingEngineOptions } from './ocr/reading-engine.ts';
export { createTesseractEngine } from './ocr/tesseract.ts';
export type { TesseractEngine, TesseractOptions } from './ocr/tesseract.ts';
export { checkExamples } from './parse/examples.ts';
export type { ExampleCheck } from './parse/examples.ts';
export { Grammar } from './parse/grammar.ts';
export type { ParsedLine } from './parse/grammar.ts';
export { loadProfile, OWN_PROFILES, parseProfile } from './parse/profile.ts';
export type { ProfileError } from './parse/profile.ts';
export type { Profile } from './parse/profile-schema.ts';
export { ChatReader } from './reader.ts';
export type { ReaderOptions } from './reader-options.ts';
