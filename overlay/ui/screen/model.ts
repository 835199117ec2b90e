/**
 * What the screen holds, as one plain value and its reducer: a copy of what main last said, the HUD's lines and one
 * message. Nothing here is state of record; a reload loses nothing.
 */
import type { AppState, OverlayEvent, Panel, Settings } from '../../ipc/index.ts';
import { addLine, dropLine, reviseLine } from '../hud/hud-lines.ts';
import type { HudLine } from '../hud/hud-lines.ts';

/** A sentence that tells how a command went; shown until the next one or until it is dismissed. */
export interface Message {
  readonly tone: 'info' | 'error';
  readonly text: string;
  /** Counts up, so that the same sentence twice is announced twice. */
  readonly serial: number;
}

export interface ScreenModel {
  readonly app: AppState | null;
  readonly settings: Settings | null;
  readonly hud: readonly HudLine[];
  /** Panel shown while interactive. */
  readonly panel: Panel;
  readonly message: Message | null;
}

export type ScreenAction =
  | { readonly kind: 'event'; readonly event: OverlayEvent }
  | { readonly kind: 'hud-faded'; readonly id: string }
  | { readonly kind: 'panel'; readonly panel: Panel }
  | { readonly kind: 'message'; readonly tone: Message['tone']; readonly text: string }
  | { readonly kind: 'message-gone' };

export const emptyScreen: ScreenModel = { app: null, settings: null, hud: [], panel: 'history', message: null };

/**
 * The panel after main's state changed: the one that main asks for when it asks anew (a shortcut, the tray), else the
 * one that the user has open. Opening without a wish shows Capture as long as no region is drawn: that is the next step.
 */
function panelAfter(model: ScreenModel, app: AppState): Panel {
  const opened = app.interactive && model.app?.interactive !== true;
  if (app.panel !== null && (opened || app.panel !== model.app?.panel)) return app.panel;
  if (opened && app.regions.length === 0) return 'capture';
  return model.panel;
}

function reduceEvent(model: ScreenModel, event: OverlayEvent): ScreenModel {
  switch (event.name) {
    case 'line.kept':
      return { ...model, hud: addLine(model.hud, event.line) };
    case 'line.revised':
      return { ...model, hud: reviseLine(model.hud, event.line) };
    case 'line.deleted':
      return { ...model, hud: dropLine(model.hud, event.id) };
    case 'app.state':
      return { ...model, app: event.state, panel: panelAfter(model, event.state) };
    case 'settings':
      return { ...model, settings: event.settings };
    // Whoever shows these listens for them: they would redraw the whole screen for nothing here.
    case 'session.opened':
    case 'capture.preview':
    case 'people.state':
    case 'message':
    case 'people.request':
      return model;
  }
}

/** The screen after an action. */
export function reduceScreen(model: ScreenModel, action: ScreenAction): ScreenModel {
  switch (action.kind) {
    case 'event':
      return reduceEvent(model, action.event);
    case 'hud-faded':
      return { ...model, hud: dropLine(model.hud, action.id) };
    case 'panel':
      return { ...model, panel: action.panel };
    case 'message':
      return {
        ...model,
        message: { tone: action.tone, text: action.text, serial: (model.message?.serial ?? 0) + 1 },
      };
    case 'message-gone':
      return { ...model, message: null };
  }
}
