/**
 * Draws the PNGs of the icons from their SVG sources beside them: `node assets/icons/render.mjs`. The PNGs are kept in the
 * repository because Electron takes no SVG; run it after a change of a source.
 */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import sharp from 'sharp';

const FOLDER = path.dirname(fileURLToPath(import.meta.url));

const TRAY_SCALES = [
  { mark: '', size: 16 },
  { mark: '@1.5x', size: 24 },
  { mark: '@2x', size: 32 },
  { mark: '@3x', size: 48 },
];

/** Each picture with its source; sizes in px. Under 48 px the detailed drawing is mud, so a small one stands in. */
const PICTURES = [
  ...[48, 64, 128, 256, 512].map((size) => ({ source: 'lobbykeep.svg', output: `lobbykeep-${size}.png`, size })),
  ...[16, 24, 32].map((size) => ({ source: 'lobbykeep-small.svg', output: `lobbykeep-${size}.png`, size })),
  // Electron takes the one that fits the screen's scale by these names.
  ...TRAY_SCALES.map(({ mark, size }) => ({ source: 'lobbykeep-small.svg', output: `tray${mark}.png`, size })),
  ...TRAY_SCALES.map(({ mark, size }) => ({ source: 'tray-paused.svg', output: `tray-paused${mark}.png`, size })),
  // The names that macOS wants: `Template` makes the system colour it, `@2x` is the same at twice the density.
  { source: 'tray-template.svg', output: 'trayTemplate.png', size: 16 },
  { source: 'tray-template.svg', output: 'trayTemplate@2x.png', size: 32 },
];

for (const { source, output, size } of PICTURES) {
  const svg = path.join(FOLDER, source);
  const { width } = await sharp(svg).metadata();
  // Drawn at the wanted size, not drawn large and shrunk: edges stay on whole pixels.
  await sharp(svg, { density: (72 * size) / width })
    .resize(size, size)
    .png({ compressionLevel: 9 })
    .toFile(path.join(FOLDER, output));
}
console.log(`Drew ${PICTURES.length} pictures in ${FOLDER}`);
