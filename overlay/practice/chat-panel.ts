/**
 * The chat of the practice lobby on a canvas: rows with a dark outline over a faint panel, newest at the bottom,
 * scrolling up by pixels or in jumps. A row is painted once into a picture of its own and then only copied, which is
 * what keeps a frame cheap without a graphics card.
 */
import { fontFamily, measurePanel, panelRows } from './geometry.ts';
import type { PanelGeometry } from './geometry.ts';
import type { ChatLine } from './grammar.ts';
import { layOutRows } from './rows.ts';
import type { Row } from './rows.ts';

/** Pixels a second of a scroll by one row pitch of 22 px in 120 ms; a burst scrolls faster. */
const scrollPxPerMs = 22 / 120;
const outlinePx = 3;
/** Rows kept beyond the visible ones while a burst scrolls in. */
const rowLimit = panelRows + 30;

interface PaintedRow {
  readonly picture: OffscreenCanvas;
}

export class ChatPanel {
  readonly #smooth: boolean;
  #geometry: PanelGeometry;
  #lines: readonly ChatLine[] = [];
  #rows: PaintedRow[] = [];
  /** How far the rows still stand below their resting place, px. */
  #lagPx = 0;

  /** @param scroll `smooth` moves rows up by pixels, `jump` at once. @param width @param height of the canvas, px. */
  constructor(scroll: 'smooth' | 'jump', width: number, height: number) {
    this.#smooth = scroll === 'smooth';
    this.#geometry = measurePanel(width, height);
  }

  /** Appends a line below the others. */
  say(line: ChatLine): void {
    this.#lines = [...this.#lines, line].slice(-rowLimit);
    const painted = this.#paintLine(line);
    this.#rows = [...this.#rows, ...painted].slice(-rowLimit);
    if (this.#smooth) {
      this.#lagPx = Math.min(
        this.#lagPx + painted.length * this.#geometry.rowPitch,
        panelRows * this.#geometry.rowPitch,
      );
    }
  }

  clear(): void {
    this.#lines = [];
    this.#rows = [];
    this.#lagPx = 0;
  }

  /** Lays everything out anew for a canvas of another size, px. */
  resize(width: number, height: number): void {
    this.#geometry = measurePanel(width, height);
    this.#rows = this.#lines.flatMap((line) => this.#paintLine(line)).slice(-rowLimit);
    this.#lagPx = 0;
  }

  /** @param elapsedMs since the last call; moves the scroll on. */
  draw(canvas: OffscreenCanvasRenderingContext2D, elapsedMs: number): void {
    const { left, top, width, height, paddingX, paddingY, rowPitch } = this.#geometry;
    const speed = scrollPxPerMs * (rowPitch / 22) * Math.max(1, this.#lagPx / rowPitch);
    this.#lagPx = Math.max(0, this.#lagPx - speed * elapsedMs);
    canvas.fillStyle = 'rgba(6, 10, 18, 0.4)';
    canvas.fillRect(left, top, width, height);
    canvas.save();
    canvas.beginPath();
    canvas.rect(left, top + paddingY, width, rowPitch * panelRows);
    canvas.clip();
    const bottom = top + paddingY + rowPitch * panelRows + Math.round(this.#lagPx);
    this.#rows.forEach((row, index) => {
      const y = bottom - (this.#rows.length - index) * rowPitch;
      if (y > top - rowPitch && y < top + height)
        canvas.drawImage(row.picture, left + paddingX - outlinePx, y - outlinePx);
    });
    canvas.restore();
  }

  #paintLine(line: ChatLine): readonly PaintedRow[] {
    const { width, paddingX, indent } = this.#geometry;
    const context = this.#openPicture(1, 1);
    const shape = {
      widthPx: width - 2 * paddingX,
      indentPx: indent,
      measure: (text: string) => context.measureText(text).width,
    };
    return layOutRows(line.runs, shape).map((row) => this.#paintRow(row));
  }

  #paintRow(row: Row): PaintedRow {
    const { width, paddingX, rowPitch } = this.#geometry;
    const context = this.#openPicture(width - paddingX + outlinePx, rowPitch + 2 * outlinePx);
    const y = outlinePx + rowPitch / 2;
    context.lineWidth = outlinePx;
    context.lineJoin = 'round';
    context.strokeStyle = 'rgba(0, 0, 0, 0.85)';
    for (const run of row) context.strokeText(run.text, outlinePx + run.x, y);
    for (const run of row) {
      context.fillStyle = run.colour;
      context.fillText(run.text, outlinePx + run.x, y);
    }
    return { picture: context.canvas };
  }

  #openPicture(width: number, height: number): OffscreenCanvasRenderingContext2D {
    const context = new OffscreenCanvas(width, height).getContext('2d');
    if (context === null) throw new Error('Expected a 2d context for a chat row but received none');
    context.font = `${this.#geometry.fontPx}px ${fontFamily}`;
    context.textBaseline = 'middle';
    return context;
  }
}
