/**
 * The window of the practice lobby: plays the script, draws scene, chat and signs on one canvas, and reports each
 * line in the frame that draws it first.
 */
import { createChance } from './chance.ts';
import { ChatPanel } from './chat-panel.ts';
import { readPlaybill } from './playbill.ts';
import type { PracticeBridge } from './playbill.ts';
import { playScript } from './player.ts';
import { Scene } from './scene.ts';
import { writeScript } from './script.ts';
import type { ScriptStep } from './script.ts';
import { Signs } from './signs.ts';

declare global {
  interface Window {
    readonly practiceLobby: PracticeBridge;
  }
}

/** So often it is told how many frames were drawn. */
const COUNTED_MS = 5000;

/**
 * The canvas is handed to an OffscreenCanvas, though it is drawn on this thread: its frames go straight to the
 * compositor, which measured 17 % of a core at 30 frames a second without a graphics card against 40 % on the page's way.
 */
function openCanvas(): OffscreenCanvasRenderingContext2D {
  const context = document.querySelector('canvas')?.transferControlToOffscreen().getContext('2d', { alpha: false });
  if (context === null || context === undefined) throw new Error('Expected a canvas for the scene but received none');
  return context;
}

function runLobby(): void {
  const playbill = readPlaybill(location.search);
  const context = openCanvas();
  const { canvas } = context;
  const scene = new Scene(createChance(playbill.seed + 1));
  const signs = new Signs();
  const chat = new ChatPanel(playbill.scroll, innerWidth, innerHeight);
  const startMs = performance.now();
  const script = writeScript(createChance(playbill.seed), { lobbyEveryMs: playbill.lobbyEveryS * 1000 });
  const player = playScript(script, startMs, playbill);

  const fitCanvas = (): void => {
    canvas.width = Math.round(innerWidth * devicePixelRatio);
    canvas.height = Math.round(innerHeight * devicePixelRatio);
    chat.resize(canvas.width, canvas.height);
  };
  addEventListener('resize', fitCanvas);
  fitCanvas();

  addEventListener('pointerdown', (event) => {
    signs.click(event.clientX * devicePixelRatio, event.clientY * devicePixelRatio, performance.now());
    window.practiceLobby.report({ t_ms: Date.now(), event: 'click', x: event.clientX, y: event.clientY });
  });
  addEventListener('keydown', (event) => {
    signs.press();
    window.practiceLobby.report({ t_ms: Date.now(), event: 'key', key: event.key });
  });

  const perform = (step: ScriptStep): void => {
    if (step.kind === 'lobby') {
      chat.clear();
      signs.enterLobby(step.name);
      window.practiceLobby.report({ t_ms: Date.now(), event: 'lobby', name: step.name });
      return;
    }
    chat.say(step.said);
    const { line, speaker, text, channel } = step.said;
    window.practiceLobby.report({ t_ms: Date.now(), line, speaker, text, channel });
  };

  let drawnMs = startMs;
  let frames = 0;
  let countedMs = startMs;
  const countFrame = (nowMs: number): void => {
    frames += 1;
    if (nowMs - countedMs < COUNTED_MS) return;
    const seconds = (nowMs - countedMs) / 1000;
    window.practiceLobby.report({ t_ms: Date.now(), event: 'frames', count: frames, seconds });
    frames = 0;
    countedMs = nowMs;
  };
  const frameMs = 1000 / playbill.fps;
  const drawFrame = (nowMs: number): void => {
    requestAnimationFrame(drawFrame);
    // Half a screen frame early is on time: else 30 asked of a 60 Hz screen becomes 20.
    if (nowMs - drawnMs < frameMs - 6) return;
    for (const step of player.takeDue(nowMs)) perform(step);
    if (player.isLoading(nowMs)) {
      signs.drawLoading(context, canvas.width, canvas.height);
    } else {
      scene.draw(context, nowMs - startMs, canvas.width, canvas.height);
      chat.draw(context, nowMs - drawnMs);
      signs.draw(context, nowMs, canvas.height);
    }
    drawnMs = nowMs;
    countFrame(nowMs);
  };
  requestAnimationFrame(drawFrame);
}

runLobby();
