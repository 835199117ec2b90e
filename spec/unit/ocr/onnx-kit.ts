/**
 * A chat recogniser that a test can see through, as real files: an ONNX network (github.com/onnx/onnx, onnx.proto, opset
 * 13) of one convolution that tells the colour of each column of pixels. Red, green and blue columns are `r`, `g` and
 * `b`, white ones spaces, black ones the blank.
 */
import { createHash } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FusedStrip } from '../../../capture/image/recipe.ts';
import type { EngineLine } from '../../../capture/ocr/engine.ts';

/** Height of the pictures, and columns of one frame. */
const HEIGHT_PX = 32;
const FRAME_PX = 2;
/** How far a pure colour's logit is above the others. */
const STRENGTH = 12;

function varint(value: number): number[] {
  return value < 0x80 ? [value] : [(value & 0x7f) | 0x80, ...varint(value >>> 7)];
}

/** A field of a protocol buffer message: a number, or bytes, a text or a message by their length. */
function field(number: number, value: number | string | Uint8Array): Uint8Array {
  if (typeof value === 'number') return Uint8Array.from([...varint(number << 3), ...varint(value)]);
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return Buffer.concat([Uint8Array.from([...varint((number << 3) | 2), ...varint(bytes.length)]), bytes]);
}

const message = (...fields: readonly Uint8Array[]): Uint8Array => Buffer.concat(fields);

function floats(name: string, shape: readonly number[], values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(Float32Array.from(values).buffer);
  return message(...shape.map((size) => field(1, size)), field(2, 1), field(8, name), field(9, raw));
}

function integers(name: string, values: readonly number[]): Uint8Array {
  const raw = new Uint8Array(BigInt64Array.from(values.map(BigInt)).buffer);
  return message(field(1, values.length), field(2, 7), field(8, name), field(9, raw));
}

function node(
  type: string,
  inputs: readonly string[],
  output: string,
  ...attributes: readonly Uint8Array[]
): Uint8Array {
  return message(
    ...inputs.map((input) => field(1, input)),
    field(2, output),
    field(4, type),
    ...attributes.map((attribute) => field(5, attribute)),
  );
}

const list = (name: string, values: readonly number[]): Uint8Array =>
  message(field(1, name), ...values.map((value) => field(8, value)), field(20, 7));

/** A tensor of floats with any number of elements in each of `rank` dimensions. */
function valueInfo(name: string, rank: number): Uint8Array {
  const shape = message(...Array.from({ length: rank }, (_, at) => field(1, field(2, `${name}${at}`))));
  return message(field(1, name), field(2, field(1, message(field(1, 1), field(2, shape)))));
}

/** Of each class its weight for red, green and blue, and its bias: blank, space, r, g, b. */
const CLASSES: readonly (readonly [r: number, g: number, b: number, bias: number])[] = [
  [0, 0, 0, 0.5],
  [1, 1, 1, -2],
  [1, -1, -1, 0],
  [-1, 1, -1, 0],
  [-1, -1, 1, 0],
];

/** The network's file. */
export function encodeColourNetwork(): Uint8Array {
  const window = HEIGHT_PX * FRAME_PX;
  const weights = CLASSES.flatMap(([r, g, b]) =>
    [r, g, b].flatMap((weight) => Array.from({ length: window }, () => (STRENGTH * weight) / window)),
  );
  const biases = CLASSES.map(([, , , bias]) => STRENGTH * bias);
  const graph = message(
    field(
      1,
      node(
        'Conv',
        ['strips', 'weights', 'biases'],
        'tall',
        list('kernel_shape', [HEIGHT_PX, FRAME_PX]),
        list('strides', [HEIGHT_PX, FRAME_PX]),
      ),
    ),
    field(1, node('Squeeze', ['tall', 'rows'], 'flat')),
    field(1, node('Transpose', ['flat'], 'logits', list('perm', [0, 2, 1]))),
    field(2, 'colours'),
    field(5, floats('weights', [CLASSES.length, 3, HEIGHT_PX, FRAME_PX], weights)),
    field(5, floats('biases', [CLASSES.length], biases)),
    field(5, integers('rows', [2])),
    field(11, valueInfo('strips', 4)),
    field(12, valueInfo('logits', 3)),
  );
  return message(field(1, 7), field(7, graph), field(8, message(field(2, 13))));
}

export interface ModelFiles {
  readonly network: Uint8Array;
  readonly description: Readonly<Record<string, unknown>>;
}

export function colourModel(): ModelFiles {
  const network = encodeColourNetwork();
  const sha256 = createHash('sha256').update(network).digest('hex');
  return {
    network,
    description: {
      version: 1,
      heightPx: HEIGHT_PX,
      charset: ' rgb',
      temperature: 1,
      trained: 'written by hand',
      sha256,
    },
  };
}

/** Writes the files into a fresh folder, which the caller removes. */
export async function writeModel({ network, description }: ModelFiles): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'lobbykeep-model-'));
  await writeFile(join(folder, 'chat-line.onnx'), network);
  await writeFile(join(folder, 'chat-line.json'), JSON.stringify(description));
  return folder;
}

const COLOURS: Readonly<Record<string, readonly [number, number, number]>> = {
  r: [255, 0, 0],
  g: [0, 255, 0],
  b: [0, 0, 255],
  ' ': [255, 255, 255],
  '.': [0, 0, 0],
};

/**
 * A line of columns, `columnPx` wide each: `r`, `g`, `b`, a space and `.` for black.
 * @param strength of the colours, 0 to 1.
 */
export function colourLine(columns: string, columnPx: number, heightPx = 16, strength = 1): EngineLine {
  const width = columns.length * columnPx;
  const min = new Uint8Array(width * heightPx * 3);
  for (let at = 0; at < min.length; at++) {
    const x = Math.floor(at / 3) % width;
    const colour = COLOURS[columns[Math.floor(x / columnPx)] ?? '.'];
    min[at] = Math.round((colour?.[at % 3] ?? 0) * strength);
  }
  const strip: FusedStrip = { width, height: heightPx, frames: 3, mean: min, min, max: min.map(() => 255), mask: null };
  return { strip, polarity: 'light' };
}
