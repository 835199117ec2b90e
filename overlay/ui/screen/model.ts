/**
 * What the screen holds, as one plain value and its reducer: a copy of what main last said, the HUD's lines and one
 * message. Nothing here is state of record; a reload loses nothing.
 */
import type { AppState, Conversation, Message, OverlayEvent, Panel, PeopleState, Settings } from '../../ipc/index.ts';
import { alertTermsOf } from '../hud/alerts.ts';
import type { AlertTerms } from '../hud/alerts.ts';
import { hearLine, silentBell } from '../hud/alert-bell.ts';
import type { AlertBell } from '../hud/alert-bell.ts';
import { addLine, dropLine, reviseLine } from '../hud/hud-lines.ts';
import type { HudLine } from '../hud/hud-lines.ts';
import {
  addMessage,
  addRequest,
  dropMessage,
  dropProblem,
  dropRequests,
  emptyHudTalk,
  fitToPeople,
  tellProblem,
} from '../hud/hud-talk.ts';
import type { HudTalk } from '../hud/hud-talk.ts';
import { conversationKey, conversationOf, isSameConversation } from '../people/conversations.ts';
import { viewFor } from '../people/people-view.ts';
import type { PeopleView } from '../people/people-view.ts';

/** What the screen knows of people: nothing yet, why not, or what the engine said last. */
export type PeopleCopy =
  | { readonly kind: 'loading' }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'known'; readonly state: PeopleState };

/** A sentence that tells how a command went; shown until the next one or until it is dismissed. */
export interface Saying {
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
  readonly message: Saying | null;
  readonly people: PeopleCopy;
  /** The page of the People panel that the user chose; null: what comes first. */
  readonly peopleView: PeopleView | null;
  readonly talk: HudTalk;
  /** What the user wants to be told of, as the settings have it. */
  readonly terms: AlertTerms;
  readonly bell: AlertBell;
  /** Texts begun and not sent, by conversation; they outlive the panel, not the page. */
  readonly drafts: Readonly<Record<string, string>>;
}

export type ScreenAction =
  | { readonly kind: 'event'; readonly event: OverlayEvent }
  | { readonly kind: 'hud-faded'; readonly id: string }
  | { readonly kind: 'panel'; readonly panel: Panel }
  | { readonly kind: 'message'; readonly tone: Saying['tone']; readonly text: string }
  | { readonly kind: 'message-gone' }
  | { readonly kind: 'people'; readonly people: PeopleCopy }
  | { readonly kind: 'people-view'; readonly view: PeopleView | null }
  | { readonly kind: 'draft'; readonly conversation: Conversation; readonly text: string }
  /** A row of people on the HUD has faded. */
  | { readonly kind: 'talk-faded'; readonly row: 'requests' | 'problem' | { readonly id: string } }
  /** A message was not sent: its text is a draft again, and the HUD says so. */
  | { readonly kind: 'unsent'; readonly conversation: Conversation; readonly text: string; readonly problem: string };

export const emptyScreen: ScreenModel = {
  app: null,
  settings: null,
  hud: [],
  panel: 'history',
  message: null,
  people: { kind: 'loading' },
  peopleView: null,
  talk: emptyHudTalk,
  terms: { names: [], words: [] },
  bell: silentBell,
  drafts: {},
};

/** What is known of people, or null. */
export function peopleOf(model: ScreenModel): PeopleState | null {
  return model.people.kind === 'known' ? model.people.state : null;
}

/** The conversation that stands open in the People panel, or null. */
export function openConversation(model: ScreenModel): Conversation | null {
  const people = peopleOf(model);
  const shown = model.app?.interactive === true && !model.app.composing && model.panel === 'people';
  if (people === null || !shown || model.peopleView === null) return null;
  const view = viewFor(people, model.peopleView);
  return view.kind === 'talk' ? view.conversation : null;
}

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

function withPeople(model: ScreenModel, people: PeopleCopy): ScreenModel {
  // A failure takes nothing away that is known: the sentence is shown where it was asked.
  if (people.kind !== 'known') return model.people.kind === 'known' ? model : { ...model, people };
  return { ...model, people, talk: fitToPeople(model.talk, people.state) };
}

/** A message goes to the HUD, unless it appears in the conversation that stands open. */
function withTalk(model: ScreenModel, message: Message): ScreenModel {
  const held = model.talk.messages.some(({ id }) => id === message.id);
  if (!held && isSameConversation(conversationOf(message), openConversation(model))) return model;
  return { ...model, talk: addMessage(model.talk, message) };
}

function withDraft(model: ScreenModel, conversation: Conversation, text: string): ScreenModel {
  const { [conversationKey(conversation)]: _, ...others } = model.drafts;
  return { ...model, drafts: text === '' ? others : { ...others, [conversationKey(conversation)]: text } };
}

function withoutTalkRow(talk: HudTalk, row: 'requests' | 'problem' | { readonly id: string }): HudTalk {
  if (row === 'requests') return dropRequests(talk);
  return row === 'problem' ? dropProblem(talk) : dropMessage(talk, row.id);
}

/** The screen with the HUD's new lines; the newest of them may ring. */
function withLine(model: ScreenModel, line: HudLine, hud: readonly HudLine[]): ScreenModel {
  if (!hud.some(({ id }) => id === line.id)) return { ...model, hud };
  const bell = hearLine(model.bell, line, model.terms, model.settings?.alerts.cooldownS ?? 0);
  return { ...model, hud, bell };
}

function reduceEvent(model: ScreenModel, event: OverlayEvent): ScreenModel {
  switch (event.name) {
    case 'line.kept':
      // What peers read is not what this game says; it stands in the History.
      return event.line.origin === undefined ? withLine(model, event.line, addLine(model.hud, event.line)) : model;
    case 'line.revised':
      return withLine(model, event.line, reviseLine(model.hud, event.line));
    case 'line.deleted':
      return { ...model, hud: dropLine(model.hud, event.id) };
    case 'app.state':
      return { ...model, app: event.state, panel: panelAfter(model, event.state) };
    case 'settings':
      return { ...model, settings: event.settings, terms: alertTermsOf(event.settings.alerts) };
    // Whoever shows these listens for them: they would redraw the whole screen for nothing here.
    case 'session.opened':
    case 'capture.preview':
      return model;
    case 'people.state':
      return withPeople(model, { kind: 'known', state: event.state });
    case 'message':
      return withTalk(model, event.message);
    case 'people.request':
      return { ...model, talk: addRequest(model.talk, event.request) };
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
    case 'people':
      return withPeople(model, action.people);
    case 'people-view':
      return { ...model, peopleView: action.view };
    case 'draft':
      return withDraft(model, action.conversation, action.text);
    case 'talk-faded':
      return { ...model, talk: withoutTalkRow(model.talk, action.row) };
    case 'unsent': {
      // What was begun meanwhile stays under it.
      const begun = model.drafts[conversationKey(action.conversation)];
      const text = begun === undefined ? action.text : `${action.text}\n${begun}`;
      const talk = tellProblem(model.talk, action.problem);
      return { ...withDraft(model, action.conversation, text), talk };
    }
  }
}
