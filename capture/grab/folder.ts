/**
 * Frames from a folder of pictures named by their time in milliseconds (`0012345.webp`), cut to the chat region. A
 * picture that cannot be read is passed over and counted: recordings are copied while they are being written.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import type { Result } from '../ocr/engine.ts';
import type { Frame, Rect } from '../frame.ts';

export interface FolderError {
  readonly kind: 'no-folder' | 'no-frames' | 'bad-region';
  /** A sentence for the user. */
  readonly message: string;
}

const regionSchema = v.object({
  x: v.pipe(v.number(), v.integer(), v.minValue(0)),
  y: v.pipe(v.number(), v.integer(), v.minValue(0)),
  w: v.pipe(v.number(), v.integer(), v.minValue(1)),
  h: v.pipe(v.number(), v.integer(), v.minValue(1)),
});

/** Paths of the pictures in `folder/frames`, in order of time; at least one. */
export async function listFrames(folder: string): Promise<Result<readonly string[], FolderError>> {
  const frames = join(folder, 'frames');
  let names: string[];
  try {
    names = await readdir(frames);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { kind: 'no-folder', message: `The frames in ${frames} cannot be listed: ${why}.` } };
  }
  const pictures = names.filter((name) => /^\d{1,15}\.(?:png|webp)$/.test(name));
  if (pictures.length === 0) {
    const message = `There is no frame in ${frames}: expected pictures named by milliseconds, such as 0012345.png or .webp.`;
    return { ok: false, error: { kind: 'no-frames', message } };
  }
  pictures.sort((a, b) => parseInt(a, 10) - parseInt(b, 10));
  return { ok: true, value: pictures.map((name) => join(frames, name)) };
}

/** The chat region of `folder/region.json`; null where there is no such file. */
export async function readRegion(folder: string): Promise<Result<Rect | null, FolderError>> {
  const path = join(folder, 'region.json');
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return { ok: true, value: null };
    const why = error instanceof Error ? error.message : String(error);
    return { ok: false, error: { kind: 'bad-region', message: `${path} cannot be read: ${why}.` } };
  }
  const message = `${path} holds no region: expected JSON with x, y, w, h in whole pixels, w and h at least 1.`;
  try {
    const parsed = v.safeParse(regionSchema, JSON.parse(text));
    if (parsed.success) return { ok: true, value: parsed.output };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { ok: false, error: { kind: 'bad-region', message } };
}

/** Milliseconds that a frame's file is named by. */
export function frameTime(path: string): number {
  return parseInt(path.replace(/^.*[\\/]/, ''), 10);
}

/**
 * One frame, cut to `region` (the whole picture where it is null; what lies outside of the picture is left out).
 * The error is a sentence: the picture is damaged, or holds nothing of the region.
 */
export async function loadFrame(path: string, region: Rect | null): Promise<Result<Frame, string>> {
  try {
    const picture = sharp(path, { failOn: 'truncated' });
    const { width, height } = await picture.metadata();
    const cut = region ?? { x: 0, y: 0, w: width, h: height };
    const left = Math.min(cut.x, width);
    const top = Math.min(cut.y, height);
    const box = { left, top, width: Math.min(cut.w, width - left), height: Math.min(cut.h, height - top) };
    if (box.width < 1 || box.height < 1) {
      return { ok: false, error: `${path}: the region lies outside of the picture (${width} x ${height}).` };
    }
    const { data, info } = await picture.extract(box).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
    const pixels = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    return { ok: true, value: { tMs: frameTime(path), width: info.width, height: info.height, pixels } };
  } catch (error) {
    return { ok: false, error: `${path}: ${error instanceof Error ? error.message : String(error)}` };
  }
}
