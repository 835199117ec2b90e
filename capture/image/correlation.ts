/** Correlation of two pictures where one is laid over the other: whether they show the same, however faint one of them is. */
import { correlationByKernel } from './look-kernel.ts';
import type { Part, Plane } from './plane.ts';

/**
 * Normalised cross-correlation, -1 to 1, of the rows and columns of `own` in `part` with those of `other` that lie `down`
 * rows lower there; 0 where one of them is of one colour. Nothing is checked: both must hold what is asked.
 * @param step looks at every row and column, every second one, ...
 */
export function correlation(own: Plane, other: Plane, part: Part, down: number, step: number): number {
  return correlationByKernel(own, other, part, down, step) ?? plainCorrelation(own, other, part, down, step);
}

/** As `correlation`, without the kernel. */
export function plainCorrelation(own: Plane, other: Plane, part: Part, down: number, step: number): number {
  const { left, right, top, bottom } = part;
  const mine = own.data;
  const theirs = other.data;
  let [sumA, sumB, sumAA, sumBB, sumAB, count] = [0, 0, 0, 0, 0, 0];
  for (let row = top; row < bottom; row += step) {
    // Sums of a row are small whole numbers, which the machine adds faster than the sums of all rows.
    let [rowA, rowB, rowAA, rowBB, rowAB] = [0, 0, 0, 0, 0];
    const ahead = (down + row) * other.width - row * own.width;
    const end = row * own.width + right;
    for (let at = row * own.width + left; at < end; at += step) {
      count++;
      const a = mine[at]!;
      const b = theirs[at + ahead]!;
      rowA = (rowA + a) | 0;
      rowB = (rowB + b) | 0;
      rowAA = (rowAA + a * a) | 0;
      rowBB = (rowBB + b * b) | 0;
      rowAB = (rowAB + a * b) | 0;
    }
    sumA += rowA;
    sumB += rowB;
    sumAA += rowAA;
    sumBB += rowBB;
    sumAB += rowAB;
  }
  const varianceA = sumAA - (sumA * sumA) / count;
  const varianceB = sumBB - (sumB * sumB) / count;
  if (varianceA <= 0 || varianceB <= 0) return 0;
  return (sumAB - (sumA * sumB) / count) / Math.sqrt(varianceA * varianceB);
}
