/** The door of the diagnostics: what the reader's process, `replay` and the tests use of them. */
export { decodeBundle } from './bundle-file.ts';
export type { Bundle, BundleError } from './bundle-file.ts';
export { writeBundle } from './bundle-writer.ts';
export type { BundleSubject } from './bundle-writer.ts';
export { DiagnosticsRecorder } from './recorder.ts';
export type { KeptStep, ReaderWatch } from './recorder.ts';
export { MOST_BUNDLE_BYTES, MOST_FRAME_PX } from './records.ts';
export type { LookRecord } from './records.ts';
