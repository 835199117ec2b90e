/** Sizes of files as the screen writes them. */

/** `5 kB`, `1.6 MB`: never under one kB. */
export function sizeText(sizeBytes: number): string {
  if (sizeBytes < 1_000_000) return `${Math.max(1, Math.round(sizeBytes / 1_000))} kB`;
  return `${(sizeBytes / 1_000_000).toFixed(1)} MB`;
}
