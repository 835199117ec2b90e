/**
 * A line as the user corrected it. The user types the whole line; who spoke and the bare text follow from how the
 * reading was cut, so that search by speaker still finds the corrected line. No grammar of a game is known here.
 */
import type { LineBody } from '../../storage/index.ts';

/** `line` is the full line as the user has it, 1 to 2000 characters. */
export function correctLine(read: LineBody, line: string): LineBody {
  const { speaker, channel, colours } = read;
  const body = { line, channel, colours, confidence: 1 };
  if (speaker === null) return { ...body, speaker, text: line };
  const textAt = read.line.lastIndexOf(read.text);
  const prefix = textAt > 0 ? read.line.slice(0, textAt) : '';
  if (prefix !== '' && line.startsWith(prefix)) return { ...body, speaker, text: line.slice(prefix.length) };
  const speakerAt = prefix.indexOf(speaker);
  if (speakerAt < 0) return { ...body, speaker, text: line };
  // The name itself was corrected: what stood before it and between it and the text still stands there.
  const before = prefix.slice(0, speakerAt);
  const between = prefix.slice(speakerAt + speaker.length);
  const betweenAt = between === '' ? -1 : line.indexOf(between, before.length + 1);
  if (!line.startsWith(before) || betweenAt < 0) return { ...body, speaker, text: line };
  return { ...body, speaker: line.slice(before.length, betweenAt), text: line.slice(betweenAt + between.length) };
}
