/**
 * One more frame of a line (see ../fusion.ts) with WebAssembly's 128-bit vectors. AssemblyScript, not TypeScript:
 * `npm run kernel` compiles it. The results are the same to the last bit; a test compares them.
 */

const LANES: i32 = 16;
/** Bits behind the point of the share by which a sum becomes a mean. */
const SHARE_BITS: i32 = 20;

/** Makes room for so many bytes. Returns their address, 0 where memory could not be had. */
export function reserve(bytes: i32): usize {
  const from = <usize>((__heap_base + 15) & ~15);
  const pages = <i32>((from + <usize>bytes + 0xffff) >> 16);
  if (memory.size() < pages && memory.grow(pages - memory.size()) < 0) return 0;
  return from;
}

/**
 * Adds rows of a region to the state of a line: sums of RGBA, ink and brightness (u16), mean ink (u8), darkest and
 * lightest RGBA (u8, with `around` rows more above and below), one behind the other.
 * @param pixels RGBA of `rows` rows of the region; behind them stand the ink and the brightness of the same rows.
 * @param top row of those on which the line begins; may lie outside, also in part.
 * @param first rows of the line from this one to before `last` are added to the sums.
 * @param share one by the frames that were added, this one too, in 1 / 2^SHARE_BITS, rounded up.
 */
export function fuse(
  state: usize,
  width: i32,
  height: i32,
  around: i32,
  pixels: usize,
  regionWidth: i32,
  rows: i32,
  top: i32,
  first: i32,
  last: i32,
  share: i32,
): void {
  const count = width * height;
  const sumRgba = state;
  const sumInk = sumRgba + <usize>(8 * count);
  const sumBright = sumInk + <usize>(2 * count);
  const mean = sumBright + <usize>(2 * count);
  const least = mean + <usize>count;
  const tall = height + 2 * around;
  const most = least + <usize>(4 * width * tall);
  const ink = pixels + <usize>(4 * regionWidth * rows);
  const bright = ink + <usize>(regionWidth * rows);
  for (let row = first; row < last; row++) {
    const own = row * width;
    const there = (top + row) * regionWidth;
    add(sumRgba + <usize>(8 * own), pixels + <usize>(4 * there), 4 * width);
    add(sumInk + <usize>(2 * own), ink + <usize>there, width);
    add(sumBright + <usize>(2 * own), bright + <usize>there, width);
    divide(mean + <usize>own, sumInk + <usize>(2 * own), width, share);
  }
  for (let row = 0; row < tall; row++) {
    const own = <usize>(4 * row * width);
    const there = pixels + <usize>(4 * min(rows - 1, max(0, top - around + row)) * regionWidth);
    widen(least + own, most + own, there, 4 * width);
  }
}

/** Adds bytes to sums. */
function add(sums: usize, bytes: usize, count: i32): void {
  let i = 0;
  for (; i <= count - 8; i += 8) {
    const to = sums + <usize>(2 * i);
    v128.store(to, i16x8.add(v128.load(to), v128.load_ext<u8>(bytes + <usize>i)));
  }
  for (; i < count; i++) {
    const to = sums + <usize>(2 * i);
    store<u16>(to, load<u16>(to) + <u16>load<u8>(bytes + <usize>i));
  }
}

/** Means of sums, rounded down. */
function divide(means: usize, sums: usize, count: i32, share: i32): void {
  const shares = i32x4.splat(share);
  let i = 0;
  for (; i <= count - 8; i += 8) {
    const eight = v128.load(sums + <usize>(2 * i));
    const low = i32x4.shr_u(i32x4.mul(i32x4.extend_low_i16x8_u(eight), shares), SHARE_BITS);
    const high = i32x4.shr_u(i32x4.mul(i32x4.extend_high_i16x8_u(eight), shares), SHARE_BITS);
    const words = i16x8.narrow_i32x4_u(low, high);
    store<i64>(means + <usize>i, i64x2.extract_lane(i8x16.narrow_i16x8_u(words, words), 0));
  }
  for (; i < count; i++)
    store<u8>(means + <usize>i, <u8>((<u32>load<u16>(sums + <usize>(2 * i)) * <u32>share) >> SHARE_BITS));
}

/** Darkest and lightest of what they were and `bytes`. */
function widen(least: usize, most: usize, bytes: usize, count: i32): void {
  let i: usize = 0;
  const end = <usize>count;
  for (; i + LANES <= end; i += LANES) {
    const now = v128.load(bytes + i);
    v128.store(least + i, i8x16.min_u(v128.load(least + i), now));
    v128.store(most + i, i8x16.max_u(v128.load(most + i), now));
  }
  for (; i < end; i++) {
    const now = load<u8>(bytes + i);
    if (now < load<u8>(least + i)) store<u8>(least + i, now);
    if (now > load<u8>(most + i)) store<u8>(most + i, now);
  }
}
