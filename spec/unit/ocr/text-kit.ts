/** What the OCR tests share: lines of text drawn as a game would draw them, and an engine that must start. */
import assert from 'node:assert/strict';
import sharp from 'sharp';
import type { FusedStrip, InkImage } from '../../../capture/image/recipe.ts';
import { createTesseractEngine } from '../../../capture/ocr/tesseract.ts';
import type { TesseractEngine, TesseractOptions } from '../../../capture/ocr/tesseract.ts';

export async function mustStart(options: Partial<TesseractOptions> = {}): Promise<TesseractEngine> {
  const engine = await createTesseractEngine({ languages: ['eng'], ...options });
  assert.ok(engine.ok, engine.ok ? '' : engine.error.message);
  return engine.value;
}

/** The one reading of one picture, which must succeed. */
export async function readOne(engine: TesseractEngine, image: InkImage): Promise<string> {
  const answer = await engine.readInk([image]);
  assert.ok(answer.ok, answer.ok ? '' : answer.error.message);
  return answer.value[0]?.text ?? 'no reading';
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

function escape(text: string): string {
  return text.replaceAll(/[&<>]/g, (mark) => escapes[mark] ?? mark);
}

async function pixelsOf(
  svg: string,
): Promise<{ readonly rgb: Uint8Array; readonly width: number; readonly height: number }> {
  const { data, info } = await sharp(Buffer.from(svg)).removeAlpha().raw().toBuffer({ resolveWithObject: true });
  return { rgb: new Uint8Array(data), width: info.width, height: info.height };
}

/** Black on white, 32 px, as an engine likes it. */
export async function printLine(text: string): Promise<InkImage> {
  const width = 40 + text.length * 24;
  const { rgb, height } = await pixelsOf(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="64"><rect width="100%" height="100%" fill="white"/>` +
      `<text x="16" y="44" font-family="DejaVu Sans" font-size="32">${escape(text)}</text></svg>`,
  );
  return { width, height, grey: rgb.filter((_, index) => index % 3 === 0) };
}

/** A run of letters of one colour. */
export type Run = readonly [text: string, colour: string];

/**
 * A line of a game's chat: runs of colour at 14 px on a scene of its own for every frame, fused.
 * @param scenes SVG of what is behind the letters, one a frame, on a ground of 480 x 20 px.
 * @param shadow colour of a shadow one pixel to the right and below; null for none.
 */
export async function drawStrip(
  runs: readonly Run[],
  scenes: readonly string[],
  shadow: string | null,
): Promise<FusedStrip> {
  const spans = runs.map(([text, colour]) => `<tspan fill="${colour}">${escape(text)}</tspan>`).join('');
  const plain = runs.map(([text]) => escape(text)).join('');
  const style = 'font-family="DejaVu Sans" font-size="14" xml:space="preserve"';
  const under = shadow === null ? '' : `<text x="7" y="16" fill="${shadow}" ${style}>${plain}</text>`;
  const frames = await Promise.all(
    scenes.map((scene) =>
      pixelsOf(
        `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="20">${scene}${under}` +
          `<text x="6" y="15" ${style}>${spans}</text></svg>`,
      ),
    ),
  );
  const first = frames[0];
  assert.ok(first !== undefined, 'a strip has at least one frame');
  const { width, height } = first;
  const at = (index: number): number[] => frames.map(({ rgb }) => rgb[index] ?? 0);
  const fuse = (pick: (values: readonly number[]) => number): Uint8Array =>
    Uint8Array.from({ length: width * height * 3 }, (_, index) => pick(at(index)));
  return {
    width,
    height,
    frames: frames.length,
    mean: fuse((values) => values.reduce((sum, value) => sum + value, 0) / values.length),
    min: fuse((values) => Math.min(...values)),
    max: fuse((values) => Math.max(...values)),
    mask: null,
  };
}
