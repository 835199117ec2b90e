/** Joins the captured picture and what the reader saw of it to what the Capture panel shows. */
import type { CapturePreview, RegionSight } from '../ipc/index.ts';

export class PreviewMixer {
  readonly #show: (preview: CapturePreview) => void;
  #regions: (RegionSight | null)[] = [];

  constructor(show: (preview: CapturePreview) => void) {
    this.#show = show;
  }

  /** Another choice of regions: what was seen of the last ones is forgotten. */
  setRegions(count: number): void {
    this.#regions = Array.from({ length: count }, () => null);
  }

  takeSight(region: number, sight: RegionSight): void {
    if (region < this.#regions.length) this.#regions[region] = sight;
  }

  /** A picture sends all that is known. A region not read yet has no mask. */
  takePicture({ picture, widthPx, heightPx }: Omit<CapturePreview, 'regions'>): void {
    const regions = this.#regions.map((sight) => sight ?? NOTHING_SEEN);
    this.#show({ picture, widthPx, heightPx, regions });
  }
}

const NOTHING_SEEN: RegionSight = {
  mask: '',
  widthPx: 0,
  heightPx: 0,
  strips: [],
  stats: { frames: 0, unchanged: 0, waiting: 0, reads: 0, lines: 0, revisions: 0 },
  font: { letters: 0, matched: 0, asked: 0, glyphs: [] },
};
