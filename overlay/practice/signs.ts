/**
 * The signs of the practice lobby outside its chat: the lobby's name with the counters of clicks and keys in the upper
 * left corner, rings where the mouse was pressed, and the picture between two lobbies.
 */
import { fontFamily } from './geometry.ts';

const ringMs = 600;

export class Signs {
  #lobby = '';
  #clicks = 0;
  #keys = 0;
  #rings: readonly { readonly x: number; readonly y: number; readonly atMs: number }[] = [];

  enterLobby(name: string): void {
    this.#lobby = name;
  }

  /** @param x @param y canvas px. */
  click(x: number, y: number, nowMs: number): void {
    this.#clicks += 1;
    this.#rings = [...this.#rings, { x, y, atMs: nowMs }].slice(-20);
  }

  press(): void {
    this.#keys += 1;
  }

  draw(canvas: OffscreenCanvasRenderingContext2D, nowMs: number, height: number): void {
    const unit = height / 720;
    canvas.textBaseline = 'top';
    canvas.textAlign = 'left';
    canvas.fillStyle = 'rgba(6, 10, 18, 0.55)';
    canvas.fillRect(12 * unit, 12 * unit, 250 * unit, 58 * unit);
    canvas.fillStyle = '#ffffff';
    canvas.font = `bold ${Math.round(20 * unit)}px ${fontFamily}`;
    canvas.fillText(this.#lobby, 22 * unit, 18 * unit);
    canvas.font = `${Math.round(14 * unit)}px ${fontFamily}`;
    canvas.fillStyle = '#d0d8e8';
    canvas.fillText(`clicks ${this.#clicks}   keys ${this.#keys}`, 22 * unit, 46 * unit);
    this.#rings = this.#rings.filter((ring) => nowMs - ring.atMs < ringMs);
    canvas.strokeStyle = '#ffffff';
    canvas.lineWidth = 3 * unit;
    for (const ring of this.#rings) {
      canvas.beginPath();
      canvas.arc(ring.x, ring.y, (6 + ((nowMs - ring.atMs) / ringMs) * 30) * unit, 0, Math.PI * 2);
      canvas.stroke();
    }
  }

  /** Covers everything: the game loads the next lobby. */
  drawLoading(canvas: OffscreenCanvasRenderingContext2D, width: number, height: number): void {
    canvas.fillStyle = '#0d1120';
    canvas.fillRect(0, 0, width, height);
    canvas.fillStyle = '#e8ecf6';
    canvas.font = `${Math.round((28 * height) / 720)}px ${fontFamily}`;
    canvas.textAlign = 'center';
    canvas.textBaseline = 'middle';
    canvas.fillText(`Travelling to ${this.#lobby} …`, width / 2, height / 2);
    canvas.textAlign = 'left';
  }
}
