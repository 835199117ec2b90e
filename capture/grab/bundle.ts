/**
 * Frames from a diagnostics bundle, as the reader that saved it got them. Pictures are unpacked one at a time; one that is damaged is passed over,
 * as in a folder of pictures.
 */
import { readFile, stat } from 'node:fs/promises';
import sharp from 'sharp';
import { decodeBundle, MOST_BUNDLE_BYTES, MOST_FRAME_PX } from '../diagnostics/index.ts';
import type { Bundle, BundleError, LookRecord } from '../diagnostics/index.ts';
import type { Frame } from '../frame.ts';
import type { Result } from '../ocr/engine.ts';

/** A bundle whose frames can be read again. */
export type TextBundle = Extract<Bundle, { about: { text: true } }>;

/** Refuses what is no bundle, and one that was saved without names and text. */
export async function openBundle(path: string): Promise<Result<TextBundle, BundleError>> {
  const refuse = (kind: BundleError['kind'], message: string): Result<TextBundle, BundleError> => {
    return { ok: false, error: { kind, message: `${path}: ${message}` } };
  };
  let bytes: Uint8Array;
  try {
    const { size } = await stat(path);
    if (size > MOST_BUNDLE_BYTES) return refuse('too-large', 'It is too large for a diagnostics bundle.');
    bytes = await readFile(path);
  } catch (error) {
    return refuse('no-file', `It cannot be read: ${error instanceof Error ? error.message : String(error)}.`);
  }
  const bundle = decodeBundle(bytes);
  if (!bundle.ok) return refuse(bundle.error.kind, bundle.error.message);
  if (hasText(bundle.value)) return { ok: true, value: bundle.value };
  const message =
    'This bundle was saved without names and text: there is no picture in it to read. Its figures are JSON Lines, packed by gzip.';
  return refuse('without-text', message);
}

/** The looks of one region, in order. */
export function looksOf({ records }: TextBundle, region: number): readonly LookRecord[] {
  return records.filter((record) => record.kind === 'look').filter((record) => record.region === region);
}

/** The frames of looks, in their order; in the place of one that cannot be unpacked, a sentence. */
export async function* framesOf(looks: readonly LookRecord[]): AsyncGenerator<Result<Frame, string>, void, void> {
  let pixels: Result<Uint8Array, string> = { ok: false, error: 'its first picture is missing' };
  for (const { png, tMs, widthPx: width, heightPx: height } of looks) {
    if (png !== null) pixels = await unpack(png);
    if (!pixels.ok) yield { ok: false, error: `the frame at ${tMs} ms: ${pixels.error}` };
    else if (pixels.value.length !== width * height * 4)
      yield { ok: false, error: `the frame at ${tMs} ms: its picture is not of ${width} x ${height} px` };
    else yield { ok: true, value: { tMs, width, height, pixels: pixels.value } };
  }
}

/** Whether it was saved with names, text and pictures. */
export function hasText(bundle: Bundle): bundle is TextBundle {
  return bundle.about.text;
}

async function unpack(png: string): Promise<Result<Uint8Array, string>> {
  try {
    const picture = sharp(Buffer.from(png, 'base64'), { failOn: 'truncated', limitInputPixels: MOST_FRAME_PX });
    const { format } = await picture.metadata();
    // What is in the file is data: none but the one decoder is let at it.
    if (format !== 'png') return { ok: false, error: 'its picture is no PNG' };
    const data = await picture.ensureAlpha().raw().toBuffer();
    return { ok: true, value: new Uint8Array(data.buffer, data.byteOffset, data.byteLength) };
  } catch (error) {
    return { ok: false, error: error instanceof Error ? error.message : String(error) };
  }
}
