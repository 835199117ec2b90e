/**
 * The script of a practice lobby: an endless, deterministic sequence of chat lines and lobby changes with the pauses
 * between them. Pure: the clock that plays it and the canvas that draws it are elsewhere.
 */
import type { Chance } from './chance.ts';
import { composeJoined, composeSpeech, composeSystem, nameColours } from './grammar.ts';
import type { Channel, ChatLine } from './grammar.ts';
import * as voices from './voices.ts';

/** `waitMs` is the pause before the step: lobby time for a line, time of the clock for a change of lobby. */
export type ScriptStep =
  | { readonly kind: 'line'; readonly waitMs: number; readonly said: ChatLine }
  /** The chat is cleared; the next step is the `Joined lobby` line. */
  | { readonly kind: 'lobby'; readonly waitMs: number; readonly name: string };

export interface ScriptOptions {
  /** Lobby time between two lobby changes, at least 5,000 ms. */
  readonly lobbyEveryMs: number;
}

/** A said line is no longer than this many UTF-16 units: three rows of the panel. */
export const lineLengthLimit = 150;
/** How long a lobby is quiet before it is left, so that the last line can be read. */
export const farewellMs = 1500;

/** What the script remembers of the lobby, to repeat people. */
interface Memory {
  said: readonly ChatLine[];
  burstLeft: number;
}

const rememberedLines = 24;
const slotPattern = /\{(\w+)\}/g;

function isSlotName(name: string): name is voices.SlotName {
  return Object.hasOwn(voices.slots, name);
}

function fillSlot(chance: Chance, name: string): string {
  if (isSlotName(name)) return chance.pick<string>(voices.slots[name]);
  switch (name) {
    case 'n':
      return String(chance.between(2, 99));
    case 'big':
      return chance.between(100, 25_000).toLocaleString('en-US', { useGrouping: chance.happens(0.5) });
    case 'x':
      return String(chance.between(-900, 900));
    case 'clock':
      return `${chance.between(10, 23)}:${String(chance.between(0, 59)).padStart(2, '0')}`;
    case 'name':
      return chance.pick(voices.players);
    default:
      throw new RangeError(`Expected a slot that is known for the mould but received ${name}`);
  }
}

function fillMould(chance: Chance, mould: string): string {
  return mould.replaceAll(slotPattern, (_whole, name: string) => fillSlot(chance, name));
}

function colourOf(player: string): string {
  const at = voices.players.findIndex((known) => known === player);
  return nameColours[Math.max(at, 0) % nameColours.length] ?? nameColours[0];
}

const closedTalk = { team: voices.teamTalk, guild: voices.guildTalk, whisper: voices.whispers } as const;

function pickMould(chance: Chance, channel: Exclude<Channel, 'system'>): string {
  if (channel !== 'all') return chance.pick(closedTalk[channel]);
  const dice = chance.next();
  if (dice < 0.16) return chance.pick(voices.long);
  return dice < 0.27 ? chance.pick(voices.foreign) : chance.pick(voices.short);
}

/** Shares of the channels in talk, adding up to 1. */
const shares = [
  ['all', 0.5],
  ['team', 0.2],
  ['guild', 0.1],
  ['whisper', 0.07],
  ['system', 0.13],
] as const satisfies readonly (readonly [Channel, number])[];

function pickChannel(chance: Chance): Channel {
  let dice = chance.next();
  for (const [channel, share] of shares) {
    dice -= share;
    if (dice < 0) return channel;
  }
  return 'all';
}

function composeFresh(chance: Chance): ChatLine {
  const channel = pickChannel(chance);
  if (channel === 'system') return composeSystem(fillMould(chance, chance.pick(voices.announcements)));
  const speaker = chance.pick(voices.players);
  const text = fillMould(chance, pickMould(chance, channel));
  return composeSpeech(channel, speaker, text, colourOf(speaker));
}

/** The last line again, an earlier one again, or a fresh one. */
function composeNext(chance: Chance, memory: Memory): ChatLine {
  const last = memory.said.at(-1);
  if (last !== undefined && last.speaker !== null && chance.happens(0.07)) return last;
  const earlier = memory.said.slice(0, -1).filter((said) => said.speaker !== null);
  if (earlier.length > 3 && chance.happens(0.07)) return chance.pick(earlier);
  let fresh = composeFresh(chance);
  while (fresh.line.length > lineLengthLimit) fresh = composeFresh(chance);
  return fresh;
}

/** People answer in bursts: now and then three to five lines come within a second. */
function pauseBefore(chance: Chance, memory: Memory): number {
  if (memory.burstLeft > 0) {
    memory.burstLeft -= 1;
    return chance.between(60, 350);
  }
  if (chance.happens(0.09)) memory.burstLeft = chance.between(2, 4);
  return chance.between(700, 3200);
}

/** Never ends; take as many steps as are needed. The first step is a lobby. Throws RangeError on a bad option. */
export function* writeScript(chance: Chance, options: ScriptOptions): Generator<ScriptStep, never> {
  if (!(options.lobbyEveryMs >= 5000)) {
    throw new RangeError(`Expected at least 5000 for lobbyEveryMs but received ${options.lobbyEveryMs}`);
  }
  let lobby: string | null = null;
  for (;;) {
    const previous: string | null = lobby;
    lobby = chance.pick(voices.lobbies.filter((name) => name !== previous));
    yield { kind: 'lobby', waitMs: previous === null ? 0 : farewellMs, name: lobby };
    const joined = composeJoined(lobby);
    yield { kind: 'line', waitMs: 300, said: joined };
    const memory: Memory = { said: [joined], burstLeft: 0 };
    for (let spentMs = farewellMs; ;) {
      const waitMs = pauseBefore(chance, memory);
      spentMs += waitMs;
      if (spentMs > options.lobbyEveryMs) break;
      const said = composeNext(chance, memory);
      memory.said = [...memory.said, said].slice(-rememberedLines);
      yield { kind: 'line', waitMs, said };
    }
  }
}
