/**
 * Where things stand in the practice lobby, as shares of the window, so that the chat region in manifest.json stays
 * right at every window size. Pixel values are named for a content height of 720 and grow with it.
 */

export const referenceHeightPx = 720;
export const panelRows = 10;

const panelLeft = 16 / 1280;
const panelWidth = 528 / 1280;
const panelTop = 460 / referenceHeightPx;
const rowPitch = 22 / referenceHeightPx;
const fontSize = 17 / referenceHeightPx;
const padding = 8 / 1280;
const indent = 18 / 1280;

/** All values in canvas px. */
export interface PanelGeometry {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Room between the panel's edge and the text, left and right. */
  readonly paddingX: number;
  readonly paddingY: number;
  readonly rowPitch: number;
  readonly fontPx: number;
  readonly indent: number;
}

/** @param width @param height of the canvas in px. Row pitch and letters are whole pixels, so rows stand on the grid. */
export function measurePanel(width: number, height: number): PanelGeometry {
  const pitch = Math.max(8, Math.round(rowPitch * height));
  return {
    left: Math.round(panelLeft * width),
    top: Math.round(panelTop * height),
    width: Math.round(panelWidth * width),
    height: pitch * panelRows + 4,
    paddingX: Math.round(padding * width),
    paddingY: 2,
    rowPitch: pitch,
    fontPx: Math.max(7, Math.round(fontSize * height)),
    indent: Math.round(indent * width),
  };
}

/** The family that the chat and the signs are drawn in; DejaVu Sans where it is there, else the system's. */
export const fontFamily = '"DejaVu Sans", "Segoe UI", "Helvetica Neue", Arial, sans-serif';
