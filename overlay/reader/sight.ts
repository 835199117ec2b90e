/** The reader's view of one region as the Capture panel shows it: the text mask as a small PNG. */
import sharp from 'sharp';
import type { ReaderSight } from '../../capture/index.ts';
import type { RegionSight } from '../ipc/index.ts';

/** `sight.mask` has one byte a pixel; it becomes a one-channel PNG at its own size. */
export async function showSight(sight: ReaderSight, font: RegionSight['font']): Promise<RegionSight> {
  const { width, height, mask, strips, stats } = sight;
  const png = await sharp(mask, { raw: { width, height, channels: 1 } })
    .png({ compressionLevel: 3, palette: false })
    .toBuffer();
  const picture = `data:image/png;base64,${png.toString('base64')}`;
  return { mask: picture, widthPx: width, heightPx: height, strips, stats, font };
}
