/** The parser of learned fonts: what is taken from a file reads lines without a hitch, and is written as it was taken. */
import { createHash } from 'node:crypto';
import { coverageOf } from '../../capture/glyphs/coverage.ts';
import { decodeFont, encodeFont } from '../../capture/glyphs/font-file.ts';
import { GlyphFont } from '../../capture/glyphs/font.ts';
import { coverLine, lessons, readLine, setLine } from '../unit/glyphs/letter-kit.ts';
import { expect, textOf, utf8 } from './target.ts';
import type { FuzzTarget } from './target.ts';

const header = /^lobbykeep-font 2 [0-9a-f]{64}\n/;

export function fontTarget(): FuzzTarget {
  const font = new GlyphFont();
  for (const text of lessons.slice(0, 4)) {
    const set = setLine(text);
    font.learn(coverageOf(set.strip, 'light'), readLine(set));
  }
  const shown = coverLine('bob: go around the house');
  return {
    name: 'learned font',
    seeds: [encodeFont(font), encodeFont(new GlyphFont())],
    take: (input) => {
      const plain = decodeFont(input);
      // A changed byte breaks the hash: behind one that fits, every value is looked at.
      const body = textOf(input).replace(header, '').replace(/\n$/, '');
      const hash = createHash('sha256').update(body).digest('hex');
      const decoded = decodeFont(utf8(`lobbykeep-font 2 ${hash}\n${body}\n`));
      if (!decoded.ok) {
        expect(!plain.ok, 'what is refused behind its own hash to be refused behind another');
        return decoded.error.kind;
      }
      const written = encodeFont(decoded.value);
      const again = decodeFont(written);
      expect(
        again.ok && textOf(encodeFont(again.value)) === textOf(written),
        'what was taken to be written and taken again',
      );
      const reading = decoded.value.read(shown);
      expect(reading === null || reading.text.length >= 3, 'a reading of at least three characters, or none');
      return reading === null ? 'taken' : 'read';
    },
  };
}
