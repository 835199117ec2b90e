/**
 * What is asked of a frame's ink and of how much its places look like a line, by the kernel (kernel/look.as.ts): what plain
 * code says, faster, and from the first frame on, for it needs no warming up. It holds the ink of the one frame that most is
 * asked of. All answers are null where it cannot give them.
 */
import type { InkMap } from './ink.ts';
import { loadKernel } from './kernel/assembly.ts';
import type { Memory } from './kernel/assembly.ts';
import { lookCode } from './kernel/look-code.ts';
import type { Part, Plane } from './plane.ts';
import type { Span } from './rows.ts';
import type { KnownStrokes } from './standing.ts';

/** The kernel's memory never shrinks. */
const MOST_BYTES = 64 * 1024 * 1024;
/** Its sums of a row have 32 bits, its counts 16. */
const MOST_SIDE = 65_535;
/** What vectors read and write over the last pixel. */
const OVER = 64;
/** Values that a byte can have. */
const VALUES = 256;

interface Kernel extends Memory {
  /** Address of so many bytes, 0 where memory could not be had. */
  reserve(bytes: number): number;
  countRows(plane: number, stride: number, rows: number, columns: number, least: number, out: number): void;
  countColumns(plane: number, stride: number, rows: number, columns: number, least: number, out: number): void;
  countValues(plane: number, stride: number, rows: number, columns: number, least: number, out: number): void;
  correlate(
    own: number,
    ownStride: number,
    other: number,
    otherStride: number,
    rows: number,
    columns: number,
    step: number,
  ): number;
  power(
    own: number,
    ownStride: number,
    other: number,
    otherStride: number,
    rows: number,
    columns: number,
    least: number,
  ): number;
  stands(
    own: number,
    sums: number,
    ownStride: number,
    bright: number,
    otherStride: number,
    rows: number,
    columns: number,
    least: number,
    frames: number,
    brightness: number,
    most: number,
  ): number;
  roughBytes(ownRows: number, otherRows: number, columns: number): number;
  rough(
    own: number,
    ownStride: number,
    ownRows: number,
    other: number,
    otherStride: number,
    otherRows: number,
    columns: number,
    least: number,
    work: number,
    out: number,
  ): void;
}

const names = 'memory reserve countRows countColumns countValues correlate power stands roughBytes rough'.split(' ');

function isKernel(exports: object): exports is Kernel {
  return names.every((name) => name in exports);
}

const kernel = loadKernel(lookCode, isKernel);

/** The kernel's memory from `base` on. */
let bytes = new Uint8Array();
let base = 0;
/** The frame whose ink it begins with; its brightness stands behind that, other planes behind both. */
let shown: InkMap | null = null;

const aligned = (size: number): number => (size + 15) & ~15;

function hasRoom(size: number): boolean {
  if (kernel === null || size > MOST_BYTES) return false;
  if (size <= bytes.length) return true;
  base = kernel.reserve(size);
  bytes = base === 0 ? new Uint8Array() : new Uint8Array(kernel.memory.buffer, base);
  return base !== 0;
}

/** The kernel takes the ink of a frame, which is to be asked about from here on, and not to be changed. */
export function show(ink: InkMap): void {
  const count = ink.width * ink.height;
  shown = null;
  if (!hasRoom(2 * count + OVER)) return;
  bytes.set(ink.data.subarray(0, count));
  bytes.set(ink.bright.subarray(0, count), count);
  shown = ink;
}

/** Where there is room behind the frame for planes of so many bytes, and for `more` behind those. */
function room(size: number, more: number): { readonly planes: number; readonly more: number } | null {
  const planes = shown === null ? 0 : aligned(2 * shown.width * shown.height + OVER);
  const behind = planes + aligned(size + OVER);
  return hasRoom(behind + more + OVER) ? { planes, more: behind } : null;
}

function put(plane: Uint8Array | Uint16Array, offset: number): void {
  bytes.set(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength), offset);
}

const isInRange = (plane: Plane): boolean => plane.width <= MOST_SIDE && plane.height <= MOST_SIDE;

type Count = 'countRows' | 'countColumns' | 'countValues';

/** Counts pixels of a part of a plane. @returns the offset of the counts. */
function countBy(count: Count, plane: Plane, part: Part, least: number, size: number): number | null {
  if (kernel === null || !isInRange(plane) || least <= 0 || least > VALUES - 1) return null;
  const isShown = plane.data === shown?.data;
  const place = room(isShown ? 0 : plane.data.length, size);
  if (place === null) return null;
  if (!isShown) put(plane.data, place.planes);
  const from = base + (isShown ? 0 : place.planes) + part.top * plane.width + part.left;
  const [rows, columns] = [part.bottom - part.top, part.right - part.left];
  kernel[count](from, plane.width, rows, columns, Math.ceil(least), base + place.more);
  return base + place.more;
}

/** See `rowCounts` and `columnCounts`. */
export function countsByKernel(of: 'rows' | 'columns', plane: Plane, part: Part, least: number): Uint16Array | null {
  const count = of === 'rows' ? part.bottom - part.top : part.right - part.left;
  const at = countBy(of === 'rows' ? 'countRows' : 'countColumns', plane, part, least, 2 * count);
  return at === null || kernel === null ? null : new Uint16Array(kernel.memory.buffer, at, count).slice();
}

/** See `valueCounts`. */
export function valuesByKernel(plane: Plane, part: Part, least: number): Uint32Array | null {
  const at = countBy('countValues', plane, part, least, 4 * VALUES);
  return at === null || kernel === null ? null : new Uint32Array(kernel.memory.buffer, at, VALUES).slice();
}

/** See `correlation`. */
export function correlationByKernel(own: Plane, other: Plane, part: Part, down: number, step: number): number | null {
  if (kernel === null || other.data !== shown?.data || step > 2 || !isInRange(own)) return null;
  const place = room(own.data.length, 0);
  if (place === null) return null;
  put(own.data, place.planes);
  const { left, right, top, bottom } = part;
  const mine = base + place.planes + top * own.width + left;
  const theirs = base + (top + down) * other.width + left;
  return kernel.correlate(mine, own.width, theirs, other.width, bottom - top, right - left, step);
}

/** See `strokePower`. @param part of the line; @param down its rows lie so much lower in the frame. */
export function powerByKernel(own: Plane | null, ink: InkMap, part: Part, down: number, least: number): number | null {
  if (kernel === null || ink !== shown || !isInRange(ink)) return null;
  const place = room(own?.data.length ?? 0, 0);
  if (place === null) return null;
  if (own !== null) put(own.data, place.planes);
  const { left, right, top, bottom } = part;
  const there = base + (top + down) * ink.width + left;
  const mine = own === null ? there : base + place.planes + top * own.width + left;
  return kernel.power(mine, own?.width ?? ink.width, there, ink.width, bottom - top, right - left, least);
}

/** See `stands`. @param part of the line; @param down its rows lie so much lower in the frame. */
export function standsByKernel(
  { ink: own, brightness: { sums, frames } }: KnownStrokes,
  ink: InkMap,
  part: Part,
  down: number,
  { least, brightness, most }: { readonly least: number; readonly brightness: number; readonly most: number },
): boolean | null {
  if (kernel === null || ink !== shown || !isInRange(own)) return null;
  const sumBytes = aligned(sums.byteLength);
  const place = room(sumBytes + own.data.length, 0);
  if (place === null) return null;
  put(sums, place.planes);
  put(own.data, place.planes + sumBytes);
  const { left, right, top, bottom } = part;
  const first = top * own.width + left;
  const [were, mine] = [base + place.planes + 2 * first, base + place.planes + sumBytes + first];
  const are = base + ink.width * (ink.height + top + down) + left;
  const [rows, columns] = [bottom - top, right - left];
  const { width } = ink;
  return kernel.stands(mine, were, own.width, are, width, rows, columns, least, frames, brightness, most) === 1;
}

/** See `roughLikeness`: that of the line where it begins at the rows `1 - height`, `2 - height`, ... of the frame. */
export function roughByKernel(own: Plane, { left, right }: Span, ink: InkMap, threshold: number): Float64Array | null {
  if (kernel === null || ink !== shown || !isInRange(own) || right <= left) return null;
  const places = own.height + ink.height - 1;
  const work = aligned(kernel.roughBytes(own.height, ink.height, right - left));
  const place = room(own.data.length, work + 8 * places);
  if (place === null) return null;
  put(own.data, place.planes);
  const [mine, there, free] = [base + place.planes + left, base + left, base + place.more];
  const { width, height } = own;
  kernel.rough(mine, width, height, there, ink.width, ink.height, right - left, threshold, free, free + work);
  return new Float64Array(kernel.memory.buffer, free + work, places).slice();
}
