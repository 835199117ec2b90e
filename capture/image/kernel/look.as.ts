/**
 * What is asked of the ink of a frame (see ../counts.ts), and of how much its places look like a line (../correlation.ts,
 * ../standing.ts, ../rough-likeness.ts) with WebAssembly's 128-bit vectors. AssemblyScript, not TypeScript: `npm run
 * kernel` compiles it. The results are the same to the last bit; a test compares them.
 *
 * A plane is given by the address of its first pixel that is looked at and the bytes of a row; nothing is checked.
 */

const LANES: i32 = 16;
/** Columns of pixels in a word of a stroke map. */
const WORD: i32 = 64;
/** Of two pictures of which one has fewer strokes than this share of the other's the correlation is below 0.3. */
const LIKE: f64 = 0.09;

/** Makes room for so many bytes. Returns their address, 0 where memory could not be had. */
export function reserve(bytes: i32): usize {
  const from = <usize>((__heap_base + 15) & ~15);
  const pages = <i32>((from + <usize>bytes + 0xffff) >> 16);
  if (memory.size() < pages && memory.grow(pages - memory.size()) < 0) return 0;
  return from;
}

/** Sum of the four lanes, which are not negative and have room for it together. */
function total(lanes: v128): f64 {
  const pairs = i64x2.add(i64x2.extend_low_i32x4_u(lanes), i64x2.extend_high_i32x4_u(lanes));
  return <f64>(i64x2.extract_lane(pairs, 0) + i64x2.extract_lane(pairs, 1));
}

/**
 * Normalised cross-correlation, -1 to 1, of `rows` rows and `columns` columns of two planes; 0 where one is of one colour.
 * @param step looks at every row and column (1), or at every second one (2).
 */
export function correlate(
  own: usize,
  ownStride: i32,
  other: usize,
  otherStride: i32,
  rows: i32,
  columns: i32,
  step: i32,
): f64 {
  let sumA: f64 = 0;
  let sumB: f64 = 0;
  let sumAA: f64 = 0;
  let sumBB: f64 = 0;
  let sumAB: f64 = 0;
  const even = i16x8.splat(0xff);
  const ones = i16x8.splat(1);
  for (let row = 0; row < rows; row += step) {
    const mine = own + <usize>(row * ownStride);
    const theirs = other + <usize>(row * otherStride);
    let a1 = i32x4.splat(0);
    let b1 = i32x4.splat(0);
    let a2 = i32x4.splat(0);
    let b2 = i32x4.splat(0);
    let ab = i32x4.splat(0);
    let x = 0;
    for (; x <= columns - LANES; x += LANES) {
      const a = v128.load(mine + <usize>x);
      const b = v128.load(theirs + <usize>x);
      const lowA = v128.and(a, even);
      const lowB = v128.and(b, even);
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(lowA, ones));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(lowB, ones));
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(lowA, lowA));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(lowB, lowB));
      ab = i32x4.add(ab, i32x4.dot_i16x8_s(lowA, lowB));
      if (step != 1) continue;
      const highA = i16x8.shr_u(a, 8);
      const highB = i16x8.shr_u(b, 8);
      a1 = i32x4.add(a1, i32x4.dot_i16x8_s(highA, ones));
      b1 = i32x4.add(b1, i32x4.dot_i16x8_s(highB, ones));
      a2 = i32x4.add(a2, i32x4.dot_i16x8_s(highA, highA));
      b2 = i32x4.add(b2, i32x4.dot_i16x8_s(highB, highB));
      ab = i32x4.add(ab, i32x4.dot_i16x8_s(highA, highB));
    }
    let restA: u32 = 0;
    let restB: u32 = 0;
    let restAA: u32 = 0;
    let restBB: u32 = 0;
    let restAB: u32 = 0;
    for (; x < columns; x += step) {
      const a = <u32>load<u8>(mine + <usize>x);
      const b = <u32>load<u8>(theirs + <usize>x);
      restA += a;
      restB += b;
      restAA += a * a;
      restBB += b * b;
      restAB += a * b;
    }
    sumA += total(a1) + <f64>restA;
    sumB += total(b1) + <f64>restB;
    sumAA += total(a2) + <f64>restAA;
    sumBB += total(b2) + <f64>restBB;
    sumAB += total(ab) + <f64>restAB;
  }
  const count = <f64>(((rows + step - 1) / step) * ((columns + step - 1) / step));
  const varianceA = sumAA - (sumA * sumA) / count;
  const varianceB = sumBB - (sumB * sumB) / count;
  if (varianceA <= 0 || varianceB <= 0) return 0;
  return (sumAB - (sumA * sumB) / count) / Math.sqrt(varianceA * varianceB);
}

/** Pixels of each row from `least` on, u16. */
export function countRows(plane: usize, stride: i32, rows: i32, columns: i32, least: i32, out: usize): void {
  const from = i8x16.splat(<i8>least);
  for (let row = 0; row < rows; row++) {
    const at = plane + <usize>(row * stride);
    let found = 0;
    let x = 0;
    for (; x <= columns - LANES; x += LANES)
      found += popcnt<i32>(i8x16.bitmask(i8x16.ge_u(v128.load(at + <usize>x), from)));
    for (; x < columns; x++) if (<i32>load<u8>(at + <usize>x) >= least) found++;
    store<u16>(out + <usize>(2 * row), <u16>found);
  }
}

/** Pixels of each column from `least` on, u16. Vectors are read over the last row, and written over the last column. */
export function countColumns(plane: usize, stride: i32, rows: i32, columns: i32, least: i32, out: usize): void {
  const from = i8x16.splat(<i8>least);
  for (let x = 0; x < columns; x += LANES) {
    let low = i16x8.splat(0);
    let high = i16x8.splat(0);
    let at = plane + <usize>x;
    for (let row = 0; row < rows; row++, at += <usize>stride) {
      const found = i8x16.ge_u(v128.load(at), from);
      low = i16x8.sub(low, i16x8.extend_low_i8x16_s(found));
      high = i16x8.sub(high, i16x8.extend_high_i8x16_s(found));
    }
    v128.store(out + <usize>(2 * x), low);
    v128.store(out + <usize>(2 * x), high, 16);
  }
}

/** How many pixels have each value from `least` on, 256 times u32. */
export function countValues(plane: usize, stride: i32, rows: i32, columns: i32, least: i32, out: usize): void {
  const from = i8x16.splat(<i8>least);
  memory.fill(out, 0, 4 * 256);
  for (let row = 0; row < rows; row++) {
    const at = plane + <usize>(row * stride);
    let x = 0;
    while (x < columns) {
      if (x <= columns - LANES && !v128.any_true(i8x16.ge_u(v128.load(at + <usize>x), from))) {
        x += LANES;
        continue;
      }
      const end = min(columns, x + LANES);
      for (; x < end; x++) {
        const value = <i32>load<u8>(at + <usize>x);
        if (value < least) continue;
        const to = out + <usize>(4 * value);
        store<u32>(to, load<u32>(to) + 1);
      }
    }
  }
}

/** Mean of the pixels of `other` where `own` is `least` or more; 0 where it is so nowhere. */
export function power(
  own: usize,
  ownStride: i32,
  other: usize,
  otherStride: i32,
  rows: i32,
  columns: i32,
  least: i32,
): f64 {
  const from = i8x16.splat(<i8>least);
  let sum: f64 = 0;
  let found = 0;
  for (let row = 0; row < rows; row++) {
    const mine = own + <usize>(row * ownStride);
    const theirs = other + <usize>(row * otherStride);
    let lanes = i32x4.splat(0);
    let x = 0;
    for (; x <= columns - LANES; x += LANES) {
      const strokes = i8x16.ge_u(v128.load(mine + <usize>x), from);
      const there = v128.and(strokes, v128.load(theirs + <usize>x));
      lanes = i32x4.add(lanes, i32x4.extadd_pairwise_i16x8_u(i16x8.extadd_pairwise_i8x16_u(there)));
      found += popcnt<i32>(i8x16.bitmask(strokes));
    }
    let rest: u32 = 0;
    for (; x < columns; x++) {
      if (<i32>load<u8>(mine + <usize>x) < least) continue;
      rest += <u32>load<u8>(theirs + <usize>x);
      found++;
    }
    sum += total(lanes) + <f64>rest;
  }
  return found == 0 ? 0 : sum / <f64>found;
}

/**
 * Whether nearly all strokes of a line, from the ink `least` on, are as bright as this share of what they were.
 * @param sums of their brightness in `frames` frames, u16.
 */
export function stands(
  own: usize,
  sums: usize,
  ownStride: i32,
  bright: usize,
  otherStride: i32,
  rows: i32,
  columns: i32,
  least: i32,
  frames: f64,
  brightness: f64,
  most: f64,
): i32 {
  let strokes = 0;
  let kept = 0;
  const from = i8x16.splat(<i8>least);
  for (let row = 0; row < rows; row++) {
    const mine = own + <usize>(row * ownStride);
    const were = sums + <usize>(2 * row * ownStride);
    const are = bright + <usize>(row * otherStride);
    let x = 0;
    while (x < columns) {
      if (x <= columns - LANES && !v128.any_true(i8x16.ge_u(v128.load(mine + <usize>x), from))) {
        x += LANES;
        continue;
      }
      const end = min(columns, x + LANES);
      for (; x < end; x++) {
        if (<i32>load<u8>(mine + <usize>x) < least) continue;
        strokes++;
        const was = <f64>load<u16>(were + <usize>(2 * x)) / frames;
        if (<f64>load<u8>(are + <usize>x) >= was * brightness) kept++;
      }
    }
  }
  return i32(strokes > 0 && <f64>kept >= <f64>strokes * most);
}

/** Words of a row of a stroke map. */
function wordsOf(columns: i32): i32 {
  return (columns + WORD - 1) / WORD;
}

/** Bytes that `rough` takes for itself. */
export function roughBytes(ownRows: i32, otherRows: i32, columns: i32): i32 {
  return (ownRows + otherRows) * wordsOf(columns) * 8 + (ownRows + otherRows + 2) * 4;
}

/** The strokes of a plane, a bit a pixel from the lowest on, and behind each row's number how many those before it have. */
function strokesOf(plane: usize, stride: i32, rows: i32, columns: i32, least: i32, words: usize, upTo: usize): void {
  const from = i8x16.splat(<i8>least);
  const wide = wordsOf(columns);
  let before = 0;
  store<i32>(upTo, 0);
  for (let row = 0; row < rows; row++) {
    const at = plane + <usize>(row * stride);
    for (let word = 0; word < wide; word++) {
      let bits: u64 = 0;
      for (let part = 0; part < WORD; part += LANES) {
        const x = word * WORD + part;
        if (x >= columns) break;
        let some = <u64>i8x16.bitmask(i8x16.ge_u(v128.load(at + <usize>x), from));
        // What is loaded beyond the last column is none of it.
        if (x + LANES > columns) some &= (1 << <u64>(columns - x)) - 1;
        bits |= some << <u64>part;
      }
      store<u64>(words + <usize>(8 * (row * wide + word)), bits);
      before += <i32>popcnt<u64>(bits);
    }
    store<i32>(upTo + <usize>(4 * (row + 1)), before);
  }
}

/**
 * How much the places of a frame look like a line: the correlation of the strokes, -1 to 1, of a line of `ownRows` rows
 * that begins at the frame's row 1 - ownRows, 2 - ownRows, ..., otherRows - 1; f64s from `out` on. 0 where more than a
 * third of the line lies outside, and where one has few strokes beside the other. Vectors are read over the last row.
 * @param work `roughBytes` bytes, a multiple of eight.
 */
export function rough(
  own: usize,
  ownStride: i32,
  ownRows: i32,
  other: usize,
  otherStride: i32,
  otherRows: i32,
  columns: i32,
  least: i32,
  work: usize,
  out: usize,
): void {
  const wide = wordsOf(columns);
  const ownWords = work;
  const otherWords = ownWords + <usize>(8 * ownRows * wide);
  const ownUpTo = otherWords + <usize>(8 * otherRows * wide);
  const otherUpTo = ownUpTo + <usize>(4 * (ownRows + 1));
  strokesOf(own, ownStride, ownRows, columns, least, ownWords, ownUpTo);
  strokesOf(other, otherStride, otherRows, columns, least, otherWords, otherUpTo);
  for (let top = 1 - ownRows; top < otherRows; top++) {
    const from = max(0, -top);
    const to = min(ownRows, otherRows - top);
    const to8 = out + <usize>(8 * (top + ownRows - 1));
    store<f64>(to8, 0);
    if ((to - from) * 3 < ownRows * 2) continue;
    const mine = load<i32>(ownUpTo + <usize>(4 * to)) - load<i32>(ownUpTo + <usize>(4 * from));
    const theirs = load<i32>(otherUpTo + <usize>(4 * (top + to))) - load<i32>(otherUpTo + <usize>(4 * (top + from)));
    if (<f64>min(mine, theirs) < <f64>max(mine, theirs) * LIKE) continue;
    let both = 0;
    const end = ownWords + <usize>(8 * to * wide);
    let there = otherWords + <usize>(8 * (top + from) * wide);
    for (let here = ownWords + <usize>(8 * from * wide); here < end; here += 8, there += 8)
      both += <i32>popcnt<u64>(load<u64>(here) & load<u64>(there));
    const all = <f64>((to - from) * columns);
    const a = <f64>mine;
    const b = <f64>theirs;
    const spread = a * (all - a) * b * (all - b);
    if (spread > 0) store<f64>(to8, (<f64>both * all - a * b) / Math.sqrt(spread));
  }
}
