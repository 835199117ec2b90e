/**
 * The scene behind the chat: a day that passes in forty seconds over hills that move at three speeds, balloons,
 * birds and now and then a flash. It is there to be hard on a reader (bright and dark, smooth and busy, always moving) and
 * cheap to draw without a graphics card: flat shapes only, no picture, no blur.
 */
import type { Chance } from './chance.ts';

const dayMs = 40_000;
const flashEveryMs = 17_000;
const flashMs = 350;
/** A hill line is drawn from samples this far apart, px of the reference width. */
const stepPx = 16;

type Rgb = readonly [number, number, number];

interface Ridge {
  /** Resting height of the line, share of the canvas height from the top. */
  readonly level: number;
  /** Share of the canvas height. */
  readonly swing: number;
  /** px of the reference width in a millisecond. */
  readonly speed: number;
  readonly waves: readonly { readonly length: number; readonly phase: number; readonly share: number }[];
  readonly day: Rgb;
  readonly night: Rgb;
}

interface Balloon {
  readonly level: number;
  readonly speed: number;
  readonly start: number;
  readonly size: number;
  readonly colour: string;
}

const skyDay: readonly [Rgb, Rgb] = [
  [92, 168, 232],
  [226, 236, 240],
];
const skyNight: readonly [Rgb, Rgb] = [
  [10, 14, 34],
  [44, 40, 78],
];

function mix(from: Rgb, to: Rgb, share: number): string {
  const part = (index: 0 | 1 | 2): number => Math.round(from[index] + (to[index] - from[index]) * share);
  return `rgb(${part(0)}, ${part(1)}, ${part(2)})`;
}

function raiseRidge(chance: Chance, shape: Omit<Ridge, 'waves'>): Ridge {
  const waves = [700, 310, 120].map((length, index) => ({
    length: length * (0.8 + 0.4 * chance.next()),
    phase: chance.next() * Math.PI * 2,
    share: [0.6, 0.3, 0.1][index] ?? 0,
  }));
  return { ...shape, waves };
}

export class Scene {
  readonly #ridges: readonly Ridge[];
  readonly #balloons: readonly Balloon[];

  constructor(chance: Chance) {
    this.#ridges = [
      raiseRidge(chance, { level: 0.52, swing: 0.16, speed: 0.008, day: [150, 178, 202], night: [30, 32, 62] }),
      raiseRidge(chance, { level: 0.68, swing: 0.12, speed: 0.03, day: [104, 156, 112], night: [20, 34, 44] }),
      raiseRidge(chance, { level: 0.84, swing: 0.08, speed: 0.09, day: [214, 206, 158], night: [26, 24, 30] }),
    ];
    this.#balloons = Array.from({ length: 5 }, () => ({
      level: 0.12 + chance.next() * 0.62,
      speed: 0.015 + chance.next() * 0.05,
      start: chance.next(),
      size: 12 + chance.next() * 22,
      colour: chance.pick(['#e4572e', '#f3d34a', '#f7f7f2', '#3d5a98', '#8e5aa8']),
    }));
  }

  /** @param tMs since the lobby started. @param width @param height of the canvas, px. */
  draw(canvas: OffscreenCanvasRenderingContext2D, tMs: number, width: number, height: number): void {
    const night = (1 - Math.cos((tMs / dayMs) * Math.PI * 2)) / 2;
    this.#drawSky(canvas, night, width, height);
    this.#drawSun(canvas, tMs, night, width, height);
    for (const [index, ridge] of this.#ridges.entries()) {
      this.#drawRidge(canvas, ridge, tMs, night, width, height);
      if (index === 1) this.#drawBalloons(canvas, tMs, width, height);
    }
    this.#drawBirds(canvas, tMs, width, height);
    const sinceFlash = tMs % flashEveryMs;
    if (tMs > flashEveryMs && sinceFlash < flashMs) {
      canvas.fillStyle = `rgba(255, 255, 250, ${0.7 * (1 - sinceFlash / flashMs)})`;
      canvas.fillRect(0, 0, width, height);
    }
  }

  #drawSky(canvas: OffscreenCanvasRenderingContext2D, night: number, width: number, height: number): void {
    const sky = canvas.createLinearGradient(0, 0, 0, height * 0.7);
    sky.addColorStop(0, mix(skyDay[0], skyNight[0], night));
    sky.addColorStop(1, mix(skyDay[1], skyNight[1], night));
    canvas.fillStyle = sky;
    canvas.fillRect(0, 0, width, height * 0.75);
  }

  /** The sun by day and the moon by night, on one round. */
  #drawSun(canvas: OffscreenCanvasRenderingContext2D, tMs: number, night: number, width: number, height: number): void {
    const turn = ((tMs / dayMs) * 2 * Math.PI) % (2 * Math.PI);
    for (const [angle, colour] of [
      [turn, '#fff4c2'],
      [turn + Math.PI, '#d9deee'],
    ] as const) {
      const y = height * (0.62 - 0.5 * Math.cos(angle));
      const x = width * (0.5 + 0.42 * Math.sin(angle));
      if (y > height * 0.7) continue;
      canvas.fillStyle = colour;
      canvas.beginPath();
      canvas.arc(x, y, height * (night > 0.5 ? 0.035 : 0.05), 0, Math.PI * 2);
      canvas.fill();
    }
  }

  #drawRidge(
    canvas: OffscreenCanvasRenderingContext2D,
    ridge: Ridge,
    tMs: number,
    night: number,
    width: number,
    height: number,
  ): void {
    const unit = width / 1280;
    canvas.fillStyle = mix(ridge.day, ridge.night, night);
    canvas.beginPath();
    canvas.moveTo(0, height);
    for (let x = 0; x <= 1280 + stepPx; x += stepPx) {
      const at = x + tMs * ridge.speed;
      let swing = 0;
      for (const wave of ridge.waves) swing += wave.share * Math.sin((at / wave.length) * Math.PI * 2 + wave.phase);
      canvas.lineTo(x * unit, height * (ridge.level - (ridge.swing / 2) * swing));
    }
    canvas.lineTo(width, height);
    canvas.fill();
  }

  #drawBalloons(canvas: OffscreenCanvasRenderingContext2D, tMs: number, width: number, height: number): void {
    const unit = width / 1280;
    for (const balloon of this.#balloons) {
      const x = (((balloon.start + (tMs * balloon.speed) / 1500) % 1.2) - 0.1) * width;
      const y = height * (balloon.level + 0.02 * Math.sin(tMs / 1300 + balloon.start * 9));
      const size = balloon.size * unit;
      canvas.fillStyle = balloon.colour;
      canvas.beginPath();
      canvas.arc(x, y, size, 0, Math.PI * 2);
      canvas.fill();
      canvas.fillStyle = '#5b4636';
      canvas.fillRect(x - size / 4, y + size * 1.3, size / 2, size / 3);
    }
  }

  /** Birds of two strokes each, small and quick: the kind of detail that looks like letters to a reader. */
  #drawBirds(canvas: OffscreenCanvasRenderingContext2D, tMs: number, width: number, height: number): void {
    const unit = width / 1280;
    canvas.strokeStyle = '#1d2230';
    canvas.lineWidth = 2 * unit;
    canvas.beginPath();
    for (let bird = 0; bird < 7; bird += 1) {
      const x = (((bird * 0.137 + tMs / 14_000) % 1.1) - 0.05) * width;
      const y = height * (0.45 + 0.3 * Math.sin(bird * 2.1) + 0.02 * Math.sin(tMs / 700 + bird));
      const flap = (4 + 4 * Math.sin(tMs / 90 + bird)) * unit;
      canvas.moveTo(x - 9 * unit, y - flap);
      canvas.lineTo(x, y);
      canvas.lineTo(x + 9 * unit, y - flap);
    }
    canvas.stroke();
  }
}
