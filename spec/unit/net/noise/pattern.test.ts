/** The language of handshake patterns, its tables and rules, and protocol names. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as fc from 'fast-check';
import { findPattern, parsePattern, parseProtocolName, patternNames } from '../../../../net/noise/index.ts';
import { kindOf, must } from './noise-kit.ts';

/** Why a pattern is refused, in words. */
function flawOf(text: string, modifiers: readonly string[] = []): string {
  const parsed = parsePattern('T', text, modifiers);
  assert.ok(!parsed.ok, `${text} was accepted`);
  assert.equal(parsed.error.kind, 'invalid');
  return parsed.error.message;
}

test('the tables hold the 3 one-way, 12 interactive and 23 deferred patterns, and all are sound', () => {
  const sound = patternNames.map((name) => must(findPattern(name)));
  const oneWay = sound.filter(({ isOneWay }) => isOneWay);
  const deferred = sound.filter(({ name }) => name.includes('1'));
  assert.deepEqual(
    oneWay.map(({ name }) => name),
    ['N', 'K', 'X'],
  );
  assert.equal(deferred.length, 23);
  assert.equal(sound.length, 3 + 12 + 23);
});

test('the name of a pattern says what its tokens do', () => {
  for (const name of patternNames.filter((name) => name.length > 1)) {
    const { messages, isInitiatorKnown, isResponderKnown, isOneWay } = must(findPattern(name));
    const [initiator = '', responder = ''] = name.replaceAll('1', '');
    const sentBy = (parity: number) => messages.filter((_, index) => index % 2 === parity).flat();
    assert.equal(isInitiatorKnown, initiator === 'K', name);
    assert.equal(isResponderKnown, responder === 'K', name);
    assert.equal(messages[0]?.includes('s') === true, initiator === 'I', name);
    assert.equal(sentBy(0).includes('s'), initiator === 'I' || initiator === 'X', name);
    assert.equal(sentBy(1).includes('s'), responder === 'X', name);
    const dhs = new Set(messages.flat());
    assert.ok(dhs.has('ee') && !isOneWay, name);
    assert.equal(dhs.has('se'), initiator !== 'N', name);
    assert.equal(dhs.has('es'), responder !== 'N', name);
  }
});

/** Index of the message with the token. */
function placeOf(name: string, token: 'es' | 'se'): number {
  return must(findPattern(name)).messages.findIndex((tokens) => tokens.includes(token));
}

test('a deferred pattern is its fundamental one with the DH of the marked side put off to a later message', () => {
  for (const name of patternNames.filter((name) => name.includes('1'))) {
    const base = name.replaceAll('1', '');
    const isInitiatorDeferred = name[1] === '1';
    const isResponderDeferred = name.endsWith('1') && name.length > (isInitiatorDeferred ? 3 : 2);
    assert.equal(placeOf(name, 'se') > placeOf(base, 'se'), isInitiatorDeferred, name);
    assert.equal(placeOf(name, 'es') > placeOf(base, 'es'), isResponderDeferred, name);
  }
});

test('psk0 stands at the start of the first message, pskN at the end of message N', () => {
  const pattern = must(findPattern('XXpsk0+psk1+psk3'));
  assert.deepEqual(pattern.messages, [
    ['psk0', 'e', 'psk1'],
    ['e', 'ee', 's', 'es'],
    ['s', 'se', 'psk3'],
  ]);
  assert.deepEqual(pattern.pskIndexes, [0, 1, 3]);
  assert.equal(pattern.name, 'XXpsk0+psk1+psk3');
  assert.deepEqual(must(findPattern('IKpsk2')).messages, [
    ['e', 'es', 's', 'ss'],
    ['e', 'ee', 'se', 'psk2'],
  ]);
});

function overheadOf(name: string): readonly number[] {
  return must(findPattern(name)).overheadBytes;
}

test('the overhead of each message is known from the pattern', () => {
  assert.deepEqual(overheadOf('X'), [32 + 48 + 16]);
  assert.deepEqual(overheadOf('IKpsk2'), [32 + 48 + 16, 32 + 16]);
  assert.deepEqual(overheadOf('NN'), [32, 32 + 16]);
  assert.deepEqual(overheadOf('NNpsk0'), [32 + 16, 32 + 16]);
  assert.deepEqual(overheadOf('XX'), [32, 32 + 48 + 16, 48 + 16]);
  assert.deepEqual(overheadOf('IX'), [64, 32 + 48 + 16]);
});

test('names that are no pattern are refused, each with its kind', () => {
  for (const [name, kind] of [
    ['', 'syntax'],
    ['ik', 'syntax'],
    ['IK+psk2', 'syntax'],
    ['IKpsk2+', 'syntax'],
    ['IKpsk2psk0', 'unknown-modifier'],
    ['IKpsk10', 'unknown-modifier'],
    ['XXfallback', 'unknown-modifier'],
    ['IKpsk2+psk1', 'syntax'],
    ['IKpsk2+psk2', 'syntax'],
    ['IKpsk3', 'invalid'],
    ['Npsk2', 'invalid'],
    ['ZZ', 'unknown-pattern'],
    ['X1', 'unknown-pattern'],
    ['X'.repeat(65), 'syntax'],
  ] as const) {
    assert.equal(kindOf(findPattern(name)), kind, name);
  }
  assert.equal(kindOf(findPattern('IKpsk1+psk2')), 'accepted');
});

test('names of the object under the table are no patterns', () => {
  for (const name of Object.getOwnPropertyNames(Object.prototype)) {
    assert.equal(findPattern(name).ok, false, name);
  }
});

test('text that is no pattern is refused', () => {
  for (const text of [
    '',
    '...',
    '-> e ...',
    '->',
    'e',
    '-> e <-',
    '-> e x',
    '-> e es',
    '<- e -> e ee',
    '-> e -> e',
    '<- s -> s ... -> e',
    '-> e ... <- e ee',
    '-> s s ... -> e',
    '-> psk0 e',
  ]) {
    assert.equal(parsePattern('T', text).ok, false, text);
  }
  assert.equal(kindOf(parsePattern('T', '-> e <- e ee')), 'accepted');
});

test('no key is sent twice, and no DH done twice', () => {
  assert.match(flawOf('-> e <- e ee -> e'), /the initiator sends e a second time in message 3/);
  assert.match(flawOf('<- s ... -> e <- e ee s'), /the responder sends s a second time in message 2/);
  assert.match(flawOf('-> e <- e ee -> ee'), /ee is done a second time in message 3/);
});

test('no DH needs a key that was not sent', () => {
  assert.match(flawOf('-> e ee'), /ee needs a key that was not sent in message 1/);
  assert.match(flawOf('-> e es'), /es needs/);
  assert.match(flawOf('<- s ... -> e ss'), /ss needs/);
  assert.match(flawOf('-> e <- e ee se'), /se needs/);
});

test('nobody seals with his static key before his ephemeral one has gone in', () => {
  assert.match(flawOf('-> s <- s ... -> e ss'), /the initiator seals after ss without es with message 1/);
  assert.match(flawOf('-> s ... -> e <- e se'), /the initiator seals after se without ee after the handshake/);
  assert.match(flawOf('<- s ... -> e <- e es'), /the responder seals after es without ee with message 2/);
  assert.match(flawOf('-> s <- s ... -> e es ss <- e ee'), /the responder seals after ss without se with message 2/);
  assert.match(flawOf('-> s ... -> e <- e se s'), /the initiator seals after se without ee after the handshake/);
  assert.match(flawOf('-> e <- e ee -> s ss'), /ss needs a key that was not sent in message 3/);
});

test('nobody seals after a psk before he sent an ephemeral key', () => {
  assert.match(flawOf('<- s ... -> es', ['psk0']), /needs/);
  assert.match(flawOf('-> s ... -> s', ['psk0']), /second time/);
  assert.match(flawOf('-> s', ['psk0']), /the initiator seals after a psk without having sent e in message 1/);
  assert.match(flawOf('-> e <- s', ['psk0']), /the responder seals after a psk without having sent e in message 2/);
});

test('a protocol name gives its parts', () => {
  const name = must(parseProtocolName('Noise_IKpsk2_25519_ChaChaPoly_SHA512'));
  assert.equal(name.pattern.name, 'IKpsk2');
  assert.equal(name.hash, 'SHA512');
  assert.equal(name.name, 'Noise_IKpsk2_25519_ChaChaPoly_SHA512');
});

test('protocol names are refused for another DH, another cipher, another form or length', () => {
  for (const [name, kind] of [
    ['Noise_IK_448_ChaChaPoly_SHA512', 'unknown-dh'],
    ['Noise_IK_25519_AESGCM_SHA512', 'unknown-cipher'],
    ['Noise_QQ_25519_ChaChaPoly_SHA512', 'unknown-pattern'],
    ['Noise_IK_25519_ChaChaPoly', 'syntax'],
    ['Noise_IK_25519_ChaChaPoly_SHA512_', 'syntax'],
    [' Noise_IK_25519_ChaChaPoly_SHA512', 'syntax'],
    ['noise_IK_25519_ChaChaPoly_SHA512', 'syntax'],
    [`Noise_IK_25519_ChaChaPoly_${'A'.repeat(240)}`, 'syntax'],
  ] as const) {
    assert.equal(kindOf(parseProtocolName(name)), kind, name);
  }
});

test('no text whatever makes the parsers throw', () => {
  const words = ['->', '<-', '...', 'e', 's', 'ee', 'es', 'se', 'ss', 'psk0', 'x', ''];
  fc.assert(
    fc.property(fc.string(), (text) => void [findPattern(text), parseProtocolName(text), parsePattern('T', text)]),
  );
  fc.assert(
    fc.property(fc.array(fc.constantFrom(...words), { maxLength: 20 }), fc.array(fc.string()), (text, modifiers) => {
      parsePattern('T', text.join(' '), modifiers);
    }),
  );
});
