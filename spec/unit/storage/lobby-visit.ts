/** A lobby as several devices saw it: visits with lines, and the entries of several devices in turn. */
import type { Entry } from '../../../storage/index.ts';
import type { Device } from './peer-kit.ts';

export const folder = '/log';
export const second = 1_000;
export const minute = 60_000;

/** One entry of each list in turn. */
export function alternate(...lists: readonly (readonly Entry[])[]): readonly Entry[] {
  const longest = Math.max(...lists.map((list) => list.length));
  return Array.from({ length: longest }, (_, at) => lists.flatMap((list) => list[at] ?? [])).flat();
}

/** A device in a lobby: its session, and a line for each text, `everyMs` apart. */
export function visit(device: Device, texts: readonly string[], fromMs: number, everyMs = 4 * second) {
  const session = device.session('Quake', 'Arena', fromMs - second);
  const lines = texts.map((text, at) => device.line(session.id, text, fromMs + at * everyMs));
  return { session, lines, entries: [session, ...lines] as readonly Entry[] };
}

export const chat = ['<Bob> hello everybody', '<Zoe> hi', '<Bob> gg', '<Mara> where is the flag?', '<Bob> gg'];
