/**
 * The ink of a frame (see ../ink.ts) with WebAssembly's 128-bit vectors, some twenty times as fast as plain code.
 * AssemblyScript, not TypeScript: `npm run kernel` compiles it. The results are the same to the last bit; a test
 * compares them.
 *
 * Planes lie in memory with a border on all sides, so that no window needs to be cut at an edge. What lies in the border
 * is the neutral value of the operation that reads it.
 */

const LANES: i32 = 16;
/** Border in px: the largest radius, 12, and room for vectors that reach over the edge. */
const BORDER: i32 = 32;
/** Largest radius of the mean's window. */
const MEAN_RADIUS: i32 = 36;

let width: i32 = 0;
let height: i32 = 0;
let stride: i32 = 0;
/** Plane of which the erosion is taken, work planes, ink; u8. */
let rgba: usize = 0;
let most: usize = 0;
let least: usize = 0;
let bright: usize = 0;
let rows: usize = 0;
let opened: usize = 0;
let ink: usize = 0;
/** Sums of columns and their running sums, u32; counts of columns, f32. */
let columns: usize = 0;
let running: usize = 0;
let counts: usize = 0;

function planeBytes(): i32 {
  return stride * (height + 2 * BORDER);
}

/** Address of a pixel of a plane. */
function at(plane: usize, x: i32, y: i32): usize {
  return plane + <usize>((y + BORDER) * stride + BORDER + x);
}

/** Makes room for pictures of this size. Returns the address of the RGBA pixels. */
export function reserve(w: i32, h: i32): usize {
  width = w;
  height = h;
  stride = ((w + LANES - 1) & ~(LANES - 1)) + 2 * BORDER;
  const plane = planeBytes();
  let end = <usize>__heap_base;
  rgba = (end + 15) & ~15;
  end = rgba + <usize>(4 * w * h + 64);
  most = (end + 15) & ~15;
  least = most + plane;
  bright = least + plane;
  rows = bright + plane;
  opened = rows + plane;
  ink = opened + plane;
  const row = <usize>(4 * (stride + 2 * MEAN_RADIUS + LANES));
  columns = ink + plane;
  running = columns + row;
  counts = running + row;
  end = counts + row;
  const pages = <i32>((end + 0xffff) >> 16);
  if (memory.size() < pages && memory.grow(pages - memory.size()) < 0) return 0;
  return rgba;
}

/** Address of the result, `width * height` bytes without a border; the brightness stands behind the ink. */
export function run(radius: i32, meanRadius: i32, flip: i32): usize {
  split(flip);
  memory.fill(ink, 0, planeBytes());
  addRise(most, radius, meanRadius);
  addRise(least, radius, meanRadius);
  // The pixels were read: the results take their place.
  for (let y = 0; y < height; y++) {
    memory.copy(rgba + <usize>(y * width), at(ink, 0, y), width);
    memory.copy(rgba + <usize>(width * height + y * width), at(bright, 0, y), width);
  }
  return rgba;
}

/** Brightest and darkest channel of each pixel, and the mean of both rounded down; of the inverted picture where `flip`. */
function split(flip: i32): void {
  const turned = i8x16.splat(<i8>flip);
  const odd = i8x16.splat(1);
  for (let y = 0; y < height; y++) {
    const from = rgba + <usize>(4 * width * y);
    for (let x = 0; x < width; x += LANES) {
      const p = from + <usize>(4 * x);
      const a = v128.load(p);
      const b = v128.load(p, 16);
      const c = v128.load(p, 32);
      const d = v128.load(p, 48);
      // Channels of 8 pixels, red in the low half, then of 16.
      const ab02 = i8x16.shuffle(a, b, 0, 4, 8, 12, 16, 20, 24, 28, 2, 6, 10, 14, 18, 22, 26, 30);
      const cd02 = i8x16.shuffle(c, d, 0, 4, 8, 12, 16, 20, 24, 28, 2, 6, 10, 14, 18, 22, 26, 30);
      const ab1 = i8x16.shuffle(a, b, 1, 5, 9, 13, 17, 21, 25, 29, 1, 5, 9, 13, 17, 21, 25, 29);
      const cd1 = i8x16.shuffle(c, d, 1, 5, 9, 13, 17, 21, 25, 29, 1, 5, 9, 13, 17, 21, 25, 29);
      const red = v128.xor(i64x2.shuffle(ab02, cd02, 0, 2), turned);
      const blue = v128.xor(i64x2.shuffle(ab02, cd02, 1, 3), turned);
      const green = v128.xor(i64x2.shuffle(ab1, cd1, 0, 2), turned);
      const high = i8x16.max_u(i8x16.max_u(red, green), blue);
      const low = i8x16.min_u(i8x16.min_u(red, green), blue);
      v128.store(at(most, x, y), high);
      v128.store(at(least, x, y), low);
      const up = i8x16.avgr_u(high, low);
      v128.store(at(bright, x, y), i8x16.sub(up, v128.and(v128.xor(high, low), odd)));
    }
  }
}

/** Sets the border of a plane: whatever stands there is `value` from here on. */
function setBorder(plane: usize, value: u8): void {
  memory.fill(plane, value, BORDER * stride);
  memory.fill(at(plane, -BORDER, height), value, BORDER * stride);
  for (let y = 0; y < height; y++) {
    memory.fill(at(plane, -BORDER, y), value, BORDER);
    memory.fill(at(plane, width, y), value, stride - BORDER - width);
  }
}

@inline
function extreme(a: v128, b: v128, isMin: bool): v128 {
  return isMin ? i8x16.min_u(a, b) : i8x16.max_u(a, b);
}

/** The largest power of two that is not larger. */
function powerIn(size: i32): i32 {
  let power = 1;
  while (2 * power <= size) power *= 2;
  return power;
}

/**
 * Least or greatest value of the square window around each pixel, in place, by windows that double. The border is
 * overwritten.
 */
@inline
function spread(plane: usize, radius: i32, isMin: bool): void {
  setBorder(plane, isMin ? 255 : 0);
  const size = 2 * radius + 1;
  const power = powerIn(size);
  for (let y = 0; y < height; y++) {
    const row = at(plane, -radius, y);
    const end = <usize>(width + 2 * radius);
    for (let step = 1; step < power; step *= 2) {
      for (let x: usize = 0; x < end; x += LANES)
        v128.store(row + x, extreme(v128.load(row + x), v128.load(row + x + step), isMin));
    }
    // Of the two windows that cover it; written from left to right, always behind what is still to be read.
    const rest = <usize>(size - power);
    const to = rows + <usize>((y + BORDER) * stride + BORDER);
    for (let x: usize = 0; x < <usize>width; x += LANES)
      v128.store(to + x, extreme(v128.load(row + x), v128.load(row + x + rest), isMin));
  }
  setBorder(rows, isMin ? 255 : 0);
  for (let step = 1; step < power; step *= 2) {
    for (let y = -radius; y + step < height + radius; y++) {
      const row = at(rows, 0, y);
      const other = at(rows, 0, y + step);
      for (let x: usize = 0; x < <usize>width; x += LANES)
        v128.store(row + x, extreme(v128.load(row + x), v128.load(other + x), isMin));
    }
  }
  for (let y = 0; y < height; y++) {
    const row = at(rows, 0, y - radius);
    const other = at(rows, 0, y + radius + 1 - power);
    const to = at(plane, 0, y);
    for (let x: usize = 0; x < <usize>width; x += LANES)
      v128.store(to + x, extreme(v128.load(row + x), v128.load(other + x), isMin));
  }
}

/** Raises the ink to how far `plane` rises above its opening and its local mean. */
function addRise(plane: usize, radius: i32, meanRadius: i32): void {
  memory.copy(opened, plane, planeBytes());
  spread(opened, radius, true);
  spread(opened, radius, false);
  const reach = 4 * (stride + 2 * MEAN_RADIUS + LANES);
  memory.fill(columns, 0, reach);
  for (let x = 0; x < width; x++) {
    const first = max(0, x - meanRadius);
    const last = min(width - 1, x + meanRadius);
    store<f32>(counts + <usize>(4 * x), <f32>(last - first + 1));
  }
  let held = 0;
  for (let y = 0; y < min(meanRadius, height); y++, held++) addRow(plane, y, 1);
  for (let y = 0; y < height; y++) {
    if (y + meanRadius < height) {
      addRow(plane, y + meanRadius, 1);
      held++;
    }
    if (y - meanRadius - 1 >= 0) {
      addRow(plane, y - meanRadius - 1, -1);
      held--;
    }
    riseRow(plane, y, meanRadius, held);
  }
}

/** Adds a row to the sums of columns, or takes it away. */
function addRow(plane: usize, y: i32, sign: i32): void {
  const row = at(plane, 0, y);
  for (let x = 0; x < width; x += 8) {
    const wide = v128.load_ext<u8>(row + <usize>x);
    const to = columns + <usize>(4 * x);
    const low = i32x4.extend_low_i16x8_u(wide);
    const high = i32x4.extend_high_i16x8_u(wide);
    v128.store(to, sign > 0 ? i32x4.add(v128.load(to), low) : i32x4.sub(v128.load(to), low));
    v128.store(to, sign > 0 ? i32x4.add(v128.load(to, 16), high) : i32x4.sub(v128.load(to, 16), high), 16);
  }
}

function riseRow(plane: usize, y: i32, meanRadius: i32, held: i32): void {
  // running[i] is the sum of the columns before x = i - meanRadius; beyond both edges nothing is added.
  let sum: u32 = 0;
  const span = width + 2 * meanRadius + 1;
  for (let i = 0; i < span; i++) {
    store<u32>(running + <usize>(4 * i), sum);
    const x = i - meanRadius;
    if (x >= 0 && x < width) sum += load<u32>(columns + <usize>(4 * x));
  }
  const lines = f32x4.splat(<f32>held);
  const far = <usize>(4 * (2 * meanRadius + 1));
  for (let x = 0; x < width; x += LANES) {
    const from = running + <usize>(4 * x);
    const count = counts + <usize>(4 * x);
    const a = mean(from, far, count, lines, 0);
    const b = mean(from, far, count, lines, 16);
    const c = mean(from, far, count, lines, 32);
    const d = mean(from, far, count, lines, 48);
    const ground = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d));
    const under = i8x16.max_u(v128.load(at(opened, x, y)), ground);
    const rise = i8x16.sub_sat_u(v128.load(at(plane, x, y)), under);
    v128.store(at(ink, x, y), i8x16.max_u(v128.load(at(ink, x, y)), rise));
  }
}

/** Four means, rounded down: a quotient of whole numbers below 2^24 never rounds up to the next in 32 bits. */
@inline
function mean(from: usize, far: usize, count: usize, lines: v128, offset: usize): v128 {
  const sums = i32x4.sub(v128.load(from + far + offset), v128.load(from + offset));
  const quotient = f32x4.div(f32x4.convert_i32x4_u(sums), f32x4.mul(v128.load(count + offset), lines));
  return i32x4.trunc_sat_f32x4_u(quotient);
}
