/** Names and messages of other people: what may stand in them, and what is taken out. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { cleanMessage, cleanName } from '../../../../net/records/clean-text.ts';

const names: readonly (readonly [what: string, raw: string, clean: string])[] = [
  ['a plain name', 'Mia', 'Mia'],
  ['accents, joined to letters', 'Zoe\u0308', 'Zoë'],
  ['other scripts', 'Юрий 雪 नमस्ते', 'Юрий 雪 नमस्ते'],
  ['emoji of several parts', '👩‍👩‍👧 ok', '👩‍👩‍👧 ok'],
  ['controls', 'M\u0000i\u001b[31ma\u009b', 'Mi[31ma'],
  ['line ends and blanks', '  Mia \r\n\t of \u2003 Oz ', 'Mia of Oz'],
  ['overrides of direction', 'Mia\u202egnp.exe\u2066', 'Miagnp.exe'],
  ['what has no width', 'M\u200bi\ufeffa\u2060', 'Mia'],
  ['a lonely half', 'M\ud800ia', 'M\ufffdia'],
  ['marks in a pile', `M${'\u0315'.repeat(20)}ia`, `M${'\u0315'.repeat(4)}ia`],
  ['tags', 'Mia\u{e0041}\u{e007f}', 'Mia'],
  ['nothing but what goes', '\u200b\u202e \n', ''],
];

for (const [what, raw, clean] of names) {
  test(`a name with ${what} reads ${JSON.stringify(clean)}`, () => assert.equal(cleanName(raw), clean));
}

test('a name is cut to 64 bytes between characters', () => {
  assert.equal(cleanName('x'.repeat(100)).length, 64);
  assert.equal(cleanName('ä'.repeat(100)), 'ä'.repeat(32));
  assert.equal(cleanName(`${'x'.repeat(62)}😀`), 'x'.repeat(62));
});

test('cleaning what is clean changes nothing, and the result fits', () => {
  const raw = fc.string({ unit: 'binary', maxLength: 120 });
  const odd = fc.array(fc.constantFrom(' ', 'a', '\u200b', '\u0301', '\u202e', '\ud800', '\udc00', '😀', '\n'), {
    maxLength: 90,
  });
  fc.assert(
    fc.property(
      fc.oneof(
        raw,
        odd.map((parts) => parts.join('')),
      ),
      (text) => {
        const name = cleanName(text);
        assert.equal(cleanName(name), name);
        assert.ok(Buffer.byteLength(name) <= 64);
        assert.ok(!/[\p{Cc}\p{Surrogate}\u202a-\u202e\u2066-\u2069]/u.test(name));
        const message = cleanMessage(text);
        assert.equal(cleanMessage(message), message);
        assert.ok(message.length <= text.length);
      },
    ),
    { numRuns: 2_000 },
  );
});

test('a message keeps its lines and loses its controls', () => {
  assert.equal(cleanMessage('one\r\ntwo\rthree\tfour\u0007\u0000'), 'one\ntwo\nthree\tfour');
  assert.equal(cleanMessage('שלום \u200fx'), 'שלום \u200fx');
  assert.equal(cleanMessage('\udc00'), '\ufffd');
});
