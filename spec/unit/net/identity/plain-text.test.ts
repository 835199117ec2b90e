/** What may be shown of a stranger's text, and how it is packed. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import {
  NAME_BYTES_LIMIT,
  countUtf8,
  foldName,
  readPaddedText,
  toPlainText,
  writePaddedText,
} from '../../../../net/identity/index.ts';

const anyText = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc.string({
    unit: fc.constantFrom('a', ' ', '\u0301', '\u0323', '\u200d', '\u202e', '\u00e9', '한', '\u1100', '😀', '\ud83d'),
  }),
);

test('text that may be shown stays as it is', () => {
  for (const text of [
    '',
    'Ann',
    'Jörg Ñandú',
    '李小龍',
    'می‌خواهم',
    '👩‍🚀 Ann',
    '❤️',
    'a\u0301\u0323b'.normalize('NFC'),
    'עברית',
    'O’Neill',
  ]) {
    assert.equal(toPlainText(text, 64), text.normalize('NFC'));
  }
});

test('what breaks lines, hides or turns the direction around is taken out', () => {
  const cases: readonly (readonly [string, string])[] = [
    ['two\nlines\r\nand\ttabs', 'two lines and tabs'],
    ['  much   white \u00a0\u3000 ', 'much white'],
    ['line\u2028separator\u2029s', 'line separator s'],
    ['\u202egnp.exe', 'gnp.exe'],
    ['a\u2066b\u2069c\u200ed\u200fe\u061cf', 'abcdef'],
    ['ze\u200bro\ufeff wid\u00adth\u2060', 'zero width'],
    ['bell\u0007 null\u0000 escape\u001b[31m', 'bell null escape [31m'],
    ['c1\u0085x\u009bx', 'c1 x x'],
    ['lone\ud800 surrogate', 'lone surrogate'],
    ['private\ue000 use', 'private use'],
    ['tag\u{e0041}s and \ufffe', 'tags and'],
    ['\u3164\u115f\u2800', ''],
    ['\u200d\u200c\ufe0f', ''],
    ['e\u0301', '\u00e9'],
    [`z${'\u0320'.repeat(50)}algo`, `z${'\u0320'.repeat(4)}algo`],
  ];
  for (const [text, plain] of cases) assert.equal(toPlainText(text, 400), plain, JSON.stringify(text));
});

test('text is cut to bytes between characters', () => {
  assert.equal(toPlainText('ä'.repeat(40), 64), 'ä'.repeat(32));
  assert.equal(toPlainText('😀'.repeat(40), 63), '😀'.repeat(15));
  assert.equal(toPlainText('word word', 5), 'word');
  assert.equal(toPlainText('x'.repeat(1_000_000), 64), 'x'.repeat(64));
});

test('making text plain again changes nothing, and it never grows over its limit', () => {
  fc.assert(
    fc.property(anyText, fc.nat({ max: 64 }), (text, limitBytes) => {
      const plain = toPlainText(text, limitBytes);
      assert.ok(countUtf8(plain) <= limitBytes);
      assert.equal(toPlainText(plain, limitBytes), plain);
      assert.equal(plain.normalize('NFC'), plain);
      assert.doesNotMatch(plain, /[\p{Cc}\u202a-\u202e\u2066-\u2069\u200b\u200e\u200f\u2028\u2029]|^\s|\s$/u);
      assert.doesNotMatch(plain, /\p{Cs}/u);
    }),
    { numRuns: 500 },
  );
});

test('names that people take for the same fold to the same', () => {
  for (const [one, other] of [
    ['Ann', 'ANN'],
    ['A nn', 'ann'],
    ['Ａｎｎ', 'Ann'],
    ['A\u200dnn', 'Ann'],
    ['é', 'e\u0301'],
  ] as const) {
    assert.equal(foldName(one), foldName(other));
  }
  assert.notEqual(foldName('Ann'), foldName('Anna'));
});

test('a field of text gives back what went in, and zeros after it', () => {
  fc.assert(
    fc.property(anyText, fc.constantFrom(1 as const, 2 as const), fc.nat({ max: 20 }), (text, lengthBytes, at) => {
      const field = { at, lengthBytes, limitBytes: NAME_BYTES_LIMIT };
      const bytes = new Uint8Array(at + lengthBytes + NAME_BYTES_LIMIT);
      writePaddedText(bytes, field, text);
      const plain = toPlainText(text, NAME_BYTES_LIMIT);
      assert.equal(readPaddedText(bytes, field), plain);
      assert.ok(bytes.subarray(at + lengthBytes + countUtf8(plain)).every((byte) => byte === 0));
    }),
  );
});

test('a field is rejected with a length that is too great, bytes after its text, broken UTF-8, or cut', () => {
  const field = { at: 0, lengthBytes: 2, limitBytes: 4 } as const;
  assert.equal(readPaddedText(Uint8Array.of(2, 0, 0x61, 0x62, 0, 0), field), 'ab');
  for (const bytes of [
    [5, 0, 0x61, 0x62, 0, 0],
    [0, 1, 0x61, 0x62, 0, 0],
    [1, 0, 0x61, 0x62, 0, 0],
    [2, 0, 0x61, 0x62, 0, 1],
    [2, 0, 0xc3, 0x28, 0, 0],
    [1, 0, 0xc3, 0, 0, 0],
    [3, 0, 0xed, 0xa0, 0x80, 0],
    [3, 0, 0x61, 0, 0x61, 0],
    [3, 0, 0x61, 0x61, 0, 0],
    [2, 0, 0x61],
    [],
  ]) {
    assert.equal(readPaddedText(Uint8Array.from(bytes), field), null, JSON.stringify(bytes));
  }
  // What is right but must not be shown is left out.
  assert.equal(readPaddedText(Uint8Array.of(4, 0, 0xef, 0xbb, 0xbf, 0x61), field), 'a');
  assert.equal(readPaddedText(Uint8Array.of(3, 0, 0x61, 1, 0x61, 0), field), 'a a');
});
