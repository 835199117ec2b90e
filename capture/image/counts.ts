/** Counts: how many pixels of a part of a plane are as strong as asked, in each row, in each column, of each value. */
import { countsByKernel, valuesByKernel } from './look-kernel.ts';
import type { Part, Plane } from './plane.ts';

/** Pixels of each row of the part from `least` on, 1 to 255. */
export function rowCounts(plane: Plane, part: Part, least: number): Uint16Array {
  return countsByKernel('rows', plane, part, least) ?? plainCounts('rows', plane, part, least);
}

/** Pixels of each column of the part from `least` on, 1 to 255. */
export function columnCounts(plane: Plane, part: Part, least: number): Uint16Array {
  return countsByKernel('columns', plane, part, least) ?? plainCounts('columns', plane, part, least);
}

/** How many pixels of the part have each value, 256 numbers; 0 for values below `least`, 0 to 255. */
export function valueCounts(plane: Plane, part: Part, least: number): Uint32Array {
  return valuesByKernel(plane, part, least) ?? plainValueCounts(plane, part, least);
}

/** As `rowCounts` and `columnCounts`, without the kernel. */
export function plainCounts(of: 'rows' | 'columns', { data, width }: Plane, part: Part, least: number): Uint16Array {
  const { left, right, top, bottom } = part;
  const counts = new Uint16Array(of === 'rows' ? bottom - top : right - left);
  for (let y = top; y < bottom; y++)
    for (let x = left; x < right; x++) if (data[y * width + x]! >= least) counts[of === 'rows' ? y - top : x - left]!++;
  return counts;
}

/** As `valueCounts`, without the kernel. */
export function plainValueCounts({ data, width }: Plane, part: Part, least: number): Uint32Array {
  const counts = new Uint32Array(256);
  for (let y = part.top; y < part.bottom; y++)
    for (let x = part.left; x < part.right; x++) counts[data[y * width + x]!]!++;
  return counts.fill(0, 0, least);
}
