/**
 * Watches the HUD of a running app: what it showed as kept, and what the screen shows at its place.
 */
import type { Page } from 'playwright-core';
import type { Desktop } from './desktop.ts';
import { cropPicture, meanLevel } from './screen-picture.ts';

declare global {
  interface Window {
    readonly reportHudLine: (speaker: string | null, text: string) => Promise<void>;
  }
}

/** A line as the HUD showed it first. */
export interface ShownLine {
  readonly speaker: string | null;
  readonly text: string;
}

/** Fills the returned list with each line that the HUD shows from here on. */
export async function watchHud(overlay: Page): Promise<readonly ShownLine[]> {
  const shown: ShownLine[] = [];
  await overlay.exposeFunction('reportHudLine', (speaker: string | null, text: string) => {
    shown.push({ speaker, text });
  });
  // No named function in here: tsx would wrap it in a call that the page does not have.
  await overlay.evaluate(() => {
    new MutationObserver((changes) => {
      for (const node of changes.flatMap(({ addedNodes }) => [...addedNodes])) {
        if (!(node instanceof HTMLElement)) continue;
        for (const item of node.matches('.hud-line') ? [node] : node.querySelectorAll('.hud-line')) {
          const speaker = item.querySelector('.hud-speaker')?.textContent?.replace(/: $/, '') ?? null;
          void window.reportHudLine(speaker, item.querySelector('.hud-text')?.textContent ?? '');
        }
      }
    }).observe(document.body, { childList: true, subtree: true });
  });
  return shown;
}

/** Brightness (0 to 255) of the HUD's own background at its newest line, and of what stands beside it. */
export interface HudSample {
  readonly inside: number;
  readonly beside: number;
}

/**
 * Samples the screen. Inside: the padding left of the newest line's text, where the panel has no letter. Beside: the same
 * rows, a little left of the HUD; the lobby's sky is the same all along a row. Null while no line is shown.
 */
export async function sampleHud(overlay: Page, desktop: Desktop): Promise<HudSample | null> {
  const place = await overlay.evaluate(() => {
    const lines = document.querySelectorAll('.hud-line');
    const box = lines[lines.length - 1]?.getBoundingClientRect();
    if (box === undefined) return null;
    return { x: box.left + window.screenX, y: box.top + window.screenY, h: box.height };
  });
  if (place === null) return null;
  const picture = desktop.takePicture();
  const y = Math.round(place.y) + 4;
  const h = Math.max(2, Math.round(place.h) - 8);
  const x = Math.round(place.x);
  // 3 px of coloured border, then padding; the text begins at 12 px.
  return {
    inside: meanLevel(cropPicture(picture, { x: x + 4, y, w: 4, h })),
    beside: meanLevel(cropPicture(picture, { x: x - 30, y, w: 20, h })),
  };
}

function medianOf(levels: readonly number[]): number {
  const level = levels.toSorted((a, b) => a - b)[Math.floor(levels.length / 2)];
  if (level === undefined) throw new RangeError('Expected samples of the HUD but received none');
  return level;
}

/** The medians of samples, one for each place. Throws on none. */
export function middleSample(samples: readonly HudSample[]): HudSample {
  return {
    inside: medianOf(samples.map(({ inside }) => inside)),
    beside: medianOf(samples.map(({ beside }) => beside)),
  };
}
