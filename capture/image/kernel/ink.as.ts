/**
 * The ink of a frame (see ../ink.ts) with WebAssembly's 128-bit vectors, some forty times as fast as plain code.
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
/** Numbers of 32 bits from here to the double are whole: a smaller one that is added lies in the last bits, rounded. */
const WHOLE: f32 = 12582912;
/**
 * Rounding to the nearest whole number after this is added rounds down: the mean of at most 73 x 73 bytes, wrong by less
 * than 0.00007 here, is 0.00018 or more below the next whole number where it is none.
 */
const DOWN: f32 = -0.4999;

let width: i32 = 0;
let height: i32 = 0;
let stride: i32 = 0;
let rgba: usize = 0;
/** The result, without a border: ink, and behind it the brightness; u8. */
let ink: usize = 0;
let bright: usize = 0;
/** Planes with a border: those that are opened, work planes; u8. */
let most: usize = 0;
let least: usize = 0;
let rows: usize = 0;
let opened: usize = 0;
/** Sums of columns, u16; their running sums, u32; one by the columns of each window, f32. */
let columns: usize = 0;
let running: usize = 0;
let shares: usize = 0;

function planeBytes(): i32 {
  return stride * (height + 2 * BORDER);
}

/** Address of a pixel of a plane. */
function at(plane: usize, x: i32, y: i32): usize {
  return plane + <usize>((y + BORDER) * stride + BORDER + x);
}

function aligned(address: usize): usize {
  return (address + 15) & ~15;
}

/** Makes room for pictures of this size. Returns the address of the RGBA pixels. */
export function reserve(w: i32, h: i32): usize {
  width = w;
  height = h;
  stride = ((w + LANES - 1) & ~(LANES - 1)) + 2 * BORDER;
  const plane = planeBytes();
  // Vectors that reach over the end of the last row read and write this much more.
  const more = 4 * LANES;
  rgba = aligned(__heap_base);
  ink = aligned(rgba + <usize>(4 * w * h + more));
  bright = ink + <usize>(w * h);
  most = aligned(bright + <usize>(w * h + more));
  least = most + plane;
  rows = least + plane;
  opened = rows + plane;
  const row = <usize>(4 * (stride + 2 * MEAN_RADIUS + LANES));
  columns = opened + plane;
  running = columns + row;
  shares = running + row;
  const pages = <i32>((shares + row + 0xffff) >> 16);
  if (memory.size() < pages && memory.grow(pages - memory.size()) < 0) return 0;
  return rgba;
}

/** Address of the result, `width * height` bytes without a border; the brightness stands behind the ink. */
export function run(radius: i32, meanRadius: i32, flip: i32): usize {
  // The sums before the first column.
  memory.fill(running, 0, 4 * (meanRadius + 1));
  memory.fill(ink, 0, width * height);
  setShares(meanRadius);
  split(flip);
  addRise(most, radius, meanRadius);
  addRise(least, radius, meanRadius);
  // What a vector wrote over the end of the last row of ink stands where the brightness begins.
  writeBright();
  return ink;
}

/** Brightest and darkest channel of each pixel; of the inverted picture where `flip`. */
function split(flip: i32): void {
  const turned = i8x16.splat(<i8>flip);
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
      v128.store(at(most, x, y), i8x16.max_u(i8x16.max_u(red, green), blue));
      v128.store(at(least, x, y), i8x16.min_u(i8x16.min_u(red, green), blue));
    }
  }
}

/** The mean of the brightest and the darkest channel, rounded down. */
function writeBright(): void {
  const odd = i8x16.splat(1);
  for (let y = 0; y < height; y++) {
    const to = bright + <usize>(y * width);
    for (let x = 0; x < width; x += LANES) {
      const high = v128.load(at(most, x, y));
      const low = v128.load(at(least, x, y));
      const up = i8x16.avgr_u(high, low);
      v128.store(to + <usize>x, i8x16.sub(up, v128.and(v128.xor(high, low), odd)));
    }
  }
}

@inline
function extreme(a: v128, b: v128, isMin: bool): v128 {
  return isMin ? i8x16.min_u(a, b) : i8x16.max_u(a, b);
}

/** Least or greatest value of the square window around each pixel: of `from`, into `opened`. Both borders are overwritten. */
@inline
function spread(from: usize, radius: i32, isMin: bool): void {
  const neutral = i8x16.splat(isMin ? -1 : 0);
  const far = <usize>(2 * radius);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < BORDER; x += LANES) {
      v128.store(at(from, x - BORDER, y), neutral);
      v128.store(at(from, width + x, y), neutral);
    }
    const row = at(from, -radius, y);
    const to = at(rows, 0, y);
    for (let x: usize = 0; x < <usize>width; x += 2 * LANES) {
      const left = row + x;
      let a = v128.load(left + <usize>radius);
      let b = v128.load(left + <usize>radius, 16);
      for (let near: usize = 0; near < <usize>radius; near++) {
        const right = left + far - near;
        a = extreme(a, extreme(v128.load(left + near), v128.load(right), isMin), isMin);
        b = extreme(b, extreme(v128.load(left + near, 16), v128.load(right, 16), isMin), isMin);
      }
      v128.store(to + x, a);
      v128.store(to + x, b, 16);
    }
  }
  const edge = stride * radius;
  memory.fill(at(rows, -BORDER, -radius), isMin ? 255 : 0, edge);
  memory.fill(at(rows, -BORDER, height), isMin ? 255 : 0, edge + stride);
  const down = <usize>stride;
  // The windows of two rows share all rows but one each.
  for (let y = 0; y < height; y += 2) {
    const first = at(rows, 0, y - radius);
    const last = first + down * (far + 1);
    const to = at(opened, 0, y);
    for (let x: usize = 0; x < <usize>width; x += 2 * LANES) {
      let row = first + down + x;
      let a = v128.load(row);
      let b = v128.load(row, 16);
      for (let near: usize = 1; near < far; near++) {
        row += down;
        a = extreme(a, v128.load(row), isMin);
        b = extreme(b, v128.load(row, 16), isMin);
      }
      v128.store(to + x, extreme(a, v128.load(first + x), isMin));
      v128.store(to + x, extreme(b, v128.load(first + x, 16), isMin), 16);
      v128.store(to + down + x, extreme(a, v128.load(last + x), isMin));
      v128.store(to + down + x, extreme(b, v128.load(last + x, 16), isMin), 16);
    }
  }
}

/** Raises the ink to how far `plane` rises above its opening and its local mean. */
function addRise(plane: usize, radius: i32, meanRadius: i32): void {
  spread(plane, radius, true);
  spread(opened, radius, false);
  // Nothing rises behind the last column, and sums of columns go on as they are.
  for (let y = 0; y < height; y++) v128.store(at(plane, width, y), i32x4.splat(0));
  memory.fill(columns, 0, running - columns);
  for (let y = 0; y < min(meanRadius, height); y++) addRow(plane, y);
  for (let y = 0; y < height; y++) {
    if (y + meanRadius < height) addRow(plane, y + meanRadius);
    if (y - meanRadius - 1 >= 0) takeRow(plane, y - meanRadius - 1);
    const lines = min(height - 1, y + meanRadius) - max(0, y - meanRadius) + 1;
    riseRow(plane, y, meanRadius, f32x4.splat(<f32>1 / <f32>lines));
  }
}

/** One by the columns of the window around each column. */
function setShares(meanRadius: i32): void {
  for (let x = 0; x < width; x++) {
    const count = min(width - 1, x + meanRadius) - max(0, x - meanRadius) + 1;
    store<f32>(shares + <usize>(4 * x), <f32>1 / <f32>count);
  }
}

/** Adds a row to the sums of columns. */
function addRow(plane: usize, y: i32): void {
  const row = at(plane, 0, y);
  for (let x = 0; x < width; x += 8) {
    const to = columns + <usize>(2 * x);
    v128.store(to, i16x8.add(v128.load(to), v128.load_ext<u8>(row + <usize>x)));
  }
}

/** Takes a row from the sums of columns. */
function takeRow(plane: usize, y: i32): void {
  const row = at(plane, 0, y);
  for (let x = 0; x < width; x += 8) {
    const to = columns + <usize>(2 * x);
    v128.store(to, i16x8.sub(v128.load(to), v128.load_ext<u8>(row + <usize>x)));
  }
}

/** Writes running sums of four columns, and returns the last of them in all places. */
@inline
function runOn(to: usize, four: v128, before: v128): v128 {
  const zero = i32x4.splat(0);
  const two = i32x4.add(four, i8x16.shuffle(zero, four, 0, 1, 2, 3, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27));
  const all = i32x4.add(two, i64x2.shuffle(zero, two, 0, 2));
  const sums = i32x4.add(all, before);
  v128.store(to, sums);
  return i32x4.shuffle(sums, sums, 3, 3, 3, 3);
}

/** @param lines one by the rows of the window. */
function riseRow(plane: usize, y: i32, meanRadius: i32, lines: v128): void {
  // running[i] is the sum of the columns before x = i - meanRadius; beyond both edges nothing is added.
  let sums = i32x4.splat(0);
  const first = running + <usize>(4 * (meanRadius + 1));
  for (let x = 0; x < width; x += 8) {
    const wide = v128.load(columns + <usize>(2 * x));
    const to = first + <usize>(4 * x);
    sums = runOn(to, i32x4.extend_low_i16x8_u(wide), sums);
    sums = runOn(to + 16, i32x4.extend_high_i16x8_u(wide), sums);
  }
  for (let x = width; x < width + meanRadius + LANES; x += 4) v128.store(first + <usize>(4 * x), sums);
  const far = <usize>(4 * (2 * meanRadius + 1));
  const to = ink + <usize>(y * width);
  for (let x = 0; x < width; x += LANES) {
    const from = running + <usize>(4 * x);
    const share = shares + <usize>(4 * x);
    const a = mean(from, far, share, lines);
    const b = mean(from + 16, far, share + 16, lines);
    const c = mean(from + 32, far, share + 32, lines);
    const d = mean(from + 48, far, share + 48, lines);
    const ground = i8x16.narrow_i16x8_u(i16x8.narrow_i32x4_u(a, b), i16x8.narrow_i32x4_u(c, d));
    const under = i8x16.max_u(v128.load(at(opened, x, y)), ground);
    const rise = i8x16.sub_sat_u(v128.load(at(plane, x, y)), under);
    v128.store(to + <usize>x, i8x16.max_u(v128.load(to + <usize>x), rise));
  }
}

/** Four means, rounded down. */
@inline
function mean(from: usize, far: usize, share: usize, lines: v128): v128 {
  const sums = i32x4.sub(v128.load(from + far), v128.load(from));
  const quotient = f32x4.mul(f32x4.mul(f32x4.convert_i32x4_s(sums), v128.load(share)), lines);
  const whole = f32x4.add(f32x4.add(quotient, f32x4.splat(DOWN)), f32x4.splat(WHOLE));
  return v128.and(whole, i32x4.splat(0xff));
}
