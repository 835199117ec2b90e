/** The whole captured picture for the Capture panel, small and seldom: a JPEG of at most 960 px twice a second. */

const PREVIEW_WIDTH_PX = 960;
const PREVIEW_INTERVAL_MS = 500;
const JPEG_QUALITY = 0.7;

export interface PreviewPicture {
  /** data: URL (JPEG). */
  readonly picture: string;
  /** Size of the captured picture, not of the preview. */
  readonly widthPx: number;
  readonly heightPx: number;
}

export class Preview {
  #on = false;
  #lastMs = Number.NEGATIVE_INFINITY;
  #busy = false;

  set on(on: boolean) {
    this.#on = on;
  }

  /** Null while the preview is off or another picture is due later. `image` stays the caller's. */
  async take(
    image: CanvasImageSource,
    widthPx: number,
    heightPx: number,
    nowMs: number,
  ): Promise<PreviewPicture | null> {
    if (!this.#on || this.#busy || nowMs - this.#lastMs < PREVIEW_INTERVAL_MS) return null;
    this.#lastMs = nowMs;
    this.#busy = true;
    try {
      const scale = Math.min(1, PREVIEW_WIDTH_PX / widthPx);
      const canvas = new OffscreenCanvas(
        Math.max(1, Math.round(widthPx * scale)),
        Math.max(1, Math.round(heightPx * scale)),
      );
      const context = canvas.getContext('2d');
      if (context === null) return null;
      context.drawImage(image, 0, 0, canvas.width, canvas.height);
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY });
      return { picture: await toDataUrl(blob), widthPx, heightPx };
    } finally {
      this.#busy = false;
    }
  }
}

function toDataUrl(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.addEventListener('load', () => {
      if (typeof reader.result === 'string') resolve(reader.result);
      else reject(new TypeError(`Expected a string for the data URL but received ${typeof reader.result}`));
    });
    reader.addEventListener('error', () => reject(reader.error ?? new Error('The preview could not be encoded')));
    reader.readAsDataURL(blob);
  });
}
