/**
 * Plays a script on a clock: says which steps are due at a moment. Lobby time runs `speed` times as fast as the
 * clock; the farewell and the loading screen between two lobbies do not shrink with it, because the last line must stay
 * long enough to be read.
 */
import type { ScriptStep } from './script.ts';

/** The dark picture between two lobbies, in milliseconds of the clock. */
export const loadingMs = 900;

export interface PlayOptions {
  /** 0.1 to 20. */
  readonly speed: number;
  /** Chat lines until the lobby falls silent; null: never. */
  readonly lineLimit: number | null;
}

export interface ScriptPlayer {
  /**
   * The steps that are due at `nowMs` and were not handed out before, in order. A step after a pause is due that
   * pause after the step before it was *due*, so a late call shifts nothing.
   */
  takeDue(nowMs: number): readonly ScriptStep[];
  /** True while the picture between two lobbies is to be drawn. */
  isLoading(nowMs: number): boolean;
}

export function playScript(script: Iterator<ScriptStep>, startMs: number, options: PlayOptions): ScriptPlayer {
  let dueMs = startMs;
  let lines = 0;
  let loadingUntilMs = startMs;
  let pending: ScriptStep | null = null;
  let lobbies = 0;

  /** The next step with its due time set, or null where the lobby has fallen silent. */
  const peek = (): ScriptStep | null => {
    if (pending !== null) return pending;
    if (options.lineLimit !== null && lines >= options.lineLimit) return null;
    const drawn = script.next();
    if (drawn.done === true) return null;
    pending = drawn.value;
    dueMs += pending.kind === 'lobby' ? pending.waitMs : pending.waitMs / options.speed;
    return pending;
  };

  return {
    takeDue(nowMs) {
      const due: ScriptStep[] = [];
      for (let step = peek(); step !== null && dueMs <= nowMs; step = peek()) {
        pending = null;
        due.push(step);
        if (step.kind === 'line') lines += 1;
        else if (lobbies++ > 0) {
          loadingUntilMs = dueMs + loadingMs;
          dueMs = loadingUntilMs;
        }
      }
      return due;
    },
    isLoading: (nowMs) => nowMs < loadingUntilMs,
  };
}
