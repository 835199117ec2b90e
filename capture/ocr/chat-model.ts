/**
 * The files of the chat recogniser, `chat-line.onnx` and `chat-line.json` beside it: read, checked and brought to life
 * by onnxruntime. A flipped bit in a weight makes no error, only a model that misreads, so the description holds the
 * hash of the network.
 *
 * onnxruntime-node on one thread, not onnxruntime-web: a line of 480 px took a quarter of the time, loading a tenth, the
 * memory a fifth (a network of 0.44 M parameters, Node 20; it loads and reads the same in Electron's utility process). The
 * present network takes 5 to 6 ms of CPU for such a line, loads in 35 to 55 ms and takes 25 MB at the start. Version 1.14.0, not 1.30: as fast, half the memory, all six
 * platforms in 93 MB instead of five in 288. It takes models up to opset 18.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type * as Onnx from 'onnxruntime-node';
import * as v from 'valibot';
import type { EngineError, Result } from './engine.ts';

const NETWORK_FILE = 'chat-line.onnx';
/** Larger files are not read: the network is meant to have at most 4 MB. */
const LARGEST_MODEL_BYTES = 32 * 1024 * 1024;
const LARGEST_DESCRIPTION_BYTES = 64 * 1024;
/** Pixels of width that one frame of the output stands for. */
export const FRAME_PX = 2;
/** Widths are multiples of this, px. */
export const WIDTH_STEP_PX = 8;
const PROBE_WIDTH_PX = 64;

const charset = v.pipe(
  v.string(),
  v.startsWith(' '),
  v.maxLength(4000),
  v.check((text) => new Set(text).size === Array.from(text).length, 'Expected each character once'),
);

const descriptionSchema = v.object({
  version: v.literal(1),
  heightPx: v.literal(32),
  /** Class `i` of the output is the `i`-th character, counted from 1; class 0 is the blank. */
  charset,
  /** Logits are divided by it. */
  temperature: v.pipe(v.number(), v.minValue(0.05), v.maxValue(20)),
  /** How it was trained, for the diagnostics. */
  trained: v.pipe(v.string(), v.maxLength(2000)),
  /** Of the .onnx file, hex. */
  sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

export interface ChatModel {
  readonly heightPx: number;
  /** One code point each, beginning with the space. */
  readonly characters: readonly string[];
  /** Class of each character, from 1. */
  readonly classOf: ReadonlyMap<string, number>;
  readonly temperature: number;
  readonly trained: string;
  /**
   * Logits `[count, widthPx / FRAME_PX, characters.length + 1]` of `count` pictures, `[count, 3, heightPx, widthPx]`,
   * 0 to 1. Runs on the calling thread. Rejects where onnxruntime fails.
   */
  run(pictures: Float32Array, count: number, widthPx: number): Promise<Float32Array>;
}

/** @param folder where both files are. */
export async function loadChatModel(folder: string): Promise<Result<ChatModel, EngineError>> {
  const description = await readFileBounded(folder, 'chat-line.json', LARGEST_DESCRIPTION_BYTES);
  if (!description.ok) return description;
  const network = await readFileBounded(folder, NETWORK_FILE, LARGEST_MODEL_BYTES);
  if (!network.ok) return network;
  const parsed = v.safeParse(descriptionSchema, parseJson(description.value));
  if (!parsed.success) {
    const [issue] = parsed.issues;
    return damaged(`chat-line.json is malformed at ${v.getDotPath(issue) ?? 'its root'}`);
  }
  const { heightPx, temperature, trained, sha256 } = parsed.output;
  if (createHash('sha256').update(network.value).digest('hex') !== sha256) {
    return damaged('chat-line.onnx is not the file that chat-line.json describes');
  }
  const runtime = loadRuntime();
  if (!runtime.ok) return runtime;
  const characters = Array.from(parsed.output.charset);
  const classes = characters.length + 1;
  let run: ChatModel['run'];
  try {
    const { InferenceSession, Tensor } = runtime.value;
    // By its path: given bytes, version 1.14 forgets the options, and a second thread spins.
    const session = await InferenceSession.create(join(folder, NETWORK_FILE), sessionOptions);
    run = async (pictures, count, widthPx) => {
      const strips = new Tensor('float32', pictures, [count, 3, heightPx, widthPx]);
      const { logits } = await session.run({ strips });
      return checkLogits(logits, [count, widthPx / FRAME_PX, classes]);
    };
    await probe(run, heightPx);
  } catch (error) {
    return damaged(`chat-line.onnx does not run: ${error instanceof Error ? error.message : String(error)}`);
  }
  const classOf = new Map(characters.map((character, index) => [character, index + 1]));
  return { ok: true, value: { heightPx, characters, classOf, temperature, trained, run } };
}

/** One thread: lines are small, and the game has the other cores. The fourth level of severity is silence. */
const sessionOptions: Onnx.InferenceSession.SessionOptions = {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  graphOptimizationLevel: 'all',
  logSeverityLevel: 4,
};

/** One run on a ramp of grey: a network that does not fit its description shows it here, and its memory is warm. */
async function probe(run: ChatModel['run'], heightPx: number): Promise<void> {
  const pixels = 3 * heightPx * PROBE_WIDTH_PX;
  const ramp = Float32Array.from({ length: pixels }, (_, index) => (index % PROBE_WIDTH_PX) / PROBE_WIDTH_PX);
  const logits = await run(ramp, 1, PROBE_WIDTH_PX);
  if (!logits.every((value) => Number.isFinite(value))) throw new RangeError('its output is not finite');
}

function checkLogits(tensor: Onnx.Tensor | undefined, shape: readonly number[]): Float32Array {
  if (tensor === undefined || !isFloats(tensor) || tensor.dims.join() !== shape.join()) {
    const got = tensor === undefined ? 'nothing' : `${tensor.type} [${tensor.dims.join(', ')}]`;
    throw new RangeError(`Expected logits float32 [${shape.join(', ')}] but received ${got}`);
  }
  return tensor.data;
}

function isFloats(tensor: Onnx.Tensor): tensor is Onnx.TypedTensor<'float32'> {
  return tensor.type === 'float32';
}

/** Loaded on demand: a platform without its native part must still read with another engine. */
function loadRuntime(): Result<typeof Onnx, EngineError> {
  try {
    const runtime: typeof Onnx = createRequire(import.meta.url)('onnxruntime-node');
    return { ok: true, value: runtime };
  } catch (error) {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    return { ok: false, error: { kind: 'start-failed', message: `onnxruntime cannot be loaded here: ${why}.` } };
  }
}

async function readFileBounded(folder: string, name: string, most: number): Promise<Result<Uint8Array, EngineError>> {
  const path = join(folder, name);
  try {
    const bytes = await readFile(path);
    if (bytes.length > most) return damaged(`${name} has ${bytes.length} bytes, more than ${most}`);
    return { ok: true, value: bytes };
  } catch (error) {
    const isAbsent = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    if (!isAbsent) return damaged(`${name} cannot be read (${error instanceof Error ? error.message : 'unknown'})`);
    return { ok: false, error: { kind: 'model-missing', message: `The chat recogniser is not there: no ${path}.` } };
  }
}

function parseJson(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

function damaged(why: string): { readonly ok: false; readonly error: EngineError } {
  return { ok: false, error: { kind: 'model-damaged', message: `The chat recogniser is damaged: ${why}.` } };
}
