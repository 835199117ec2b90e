/**
 * Published handshakes of two other implementations of Noise, cacophony and snow: every X25519 and ChaChaPoly entry,
 * with its messages after the handshake.
 */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import * as v from 'valibot';
import { HandshakeState, makeKeyPair, parseProtocolName, toPublicKey } from '../../../../net/noise/index.ts';
import type { HandshakeOptions } from '../../../../net/noise/index.ts';
import { fromHex, hashes, must, readVectors, toHex } from './noise-kit.ts';

const vectorSchema = v.strictObject({
  protocol_name: v.string(),
  init_prologue: v.string(),
  init_psks: v.optional(v.array(v.string()), []),
  init_static: v.optional(v.string()),
  init_ephemeral: v.string(),
  init_remote_static: v.optional(v.string()),
  resp_prologue: v.string(),
  resp_psks: v.optional(v.array(v.string()), []),
  resp_static: v.optional(v.string()),
  resp_ephemeral: v.optional(v.string()),
  resp_remote_static: v.optional(v.string()),
  handshake_hash: v.optional(v.string()),
  messages: v.array(v.strictObject({ payload: v.string(), ciphertext: v.string() })),
});
type Vector = v.InferOutput<typeof vectorSchema>;

interface Tally {
  handshakeMessages: number;
  transportMessages: number;
  hashesCompared: number;
}

const optional = <T>(hex: string | undefined, make: (bytes: Uint8Array) => T) =>
  hex === undefined ? undefined : make(fromHex(hex));

function makeParty(vector: Vector, role: 'initiator' | 'responder'): HandshakeState {
  const isInitiator = role === 'initiator';
  const { pattern, hash } = must(parseProtocolName(vector.protocol_name));
  const psks = isInitiator ? vector.init_psks : vector.resp_psks;
  assert.equal(psks.length, pattern.pskIndexes.length);
  const ephemeral = isInitiator ? vector.init_ephemeral : vector.resp_ephemeral;
  const options: HandshakeOptions = {
    protocol: vector.protocol_name,
    role,
    hash: hashes[hash],
    prologue: fromHex(isInitiator ? vector.init_prologue : vector.resp_prologue),
    localStatic: optional(isInitiator ? vector.init_static : vector.resp_static, makeKeyPair),
    remoteStatic: optional(isInitiator ? vector.init_remote_static : vector.resp_remote_static, toPublicKey),
    // In a file the psks stand in the order in which the pattern uses them.
    psks: Object.fromEntries(pattern.pskIndexes.map((index, at) => [index, fromHex(psks[at] ?? '')])),
    random: (sizeBytes) => {
      const bytes = fromHex(ephemeral ?? '');
      assert.equal(bytes.length, sizeBytes, 'an ephemeral key where the vector has none');
      return bytes;
    },
  };
  return new HandshakeState(options);
}

/** The handshake's messages; the rest of the vector's messages come after it. */
function runHandshake(vector: Vector, initiator: HandshakeState, responder: HandshakeState): number {
  for (const [index, { payload, ciphertext }] of vector.messages.entries()) {
    if (initiator.isFinished) return index;
    const [sender, receiver] = index % 2 === 0 ? [initiator, responder] : [responder, initiator];
    assert.equal(toHex(must(sender.writeMessage(fromHex(payload)))), ciphertext);
    assert.equal(toHex(must(receiver.readMessage(fromHex(ciphertext)))), payload);
  }
  assert.fail('no message is left after the handshake');
}

function runVector(vector: Vector, tally: Tally): void {
  const initiator = makeParty(vector, 'initiator');
  const responder = makeParty(vector, 'responder');
  const first = runHandshake(vector, initiator, responder);
  assert.ok(responder.isFinished);
  assert.deepEqual(initiator.handshakeHash, responder.handshakeHash);
  if (vector.handshake_hash !== undefined) {
    assert.equal(toHex(initiator.handshakeHash), vector.handshake_hash);
    tally.hashesCompared += 1;
  }
  const ours = initiator.split();
  const theirs = responder.split();
  const { isOneWay } = must(parseProtocolName(vector.protocol_name)).pattern;
  for (const [index, { payload, ciphertext }] of vector.messages.entries()) {
    if (index < first) continue;
    const isFromInitiator = isOneWay || index % 2 === 0;
    const { send } = isFromInitiator ? ours : theirs;
    const { receive } = isFromInitiator ? theirs : ours;
    assert.equal(toHex(send.encryptWithAd(new Uint8Array(), fromHex(payload))), ciphertext);
    assert.equal(toHex(must(receive.decryptWithAd(new Uint8Array(), fromHex(ciphertext)))), payload);
  }
  tally.handshakeMessages += first;
  tally.transportMessages += vector.messages.length - first;
}

for (const { file, entries, ran } of [
  { file: 'noise-cacophony.json', entries: 472, ran: 236 },
  { file: 'noise-snow.json', entries: 408, ran: 204 },
]) {
  test(`every X25519 and ChaChaPoly entry of ${file} gives the published bytes`, (context) => {
    const read = readVectors(context, file, v.object({ vectors: v.array(vectorSchema) }));
    if (read === null) return;
    const runByHash: Record<string, number> = {};
    const leftByCipher: Record<string, number> = {};
    const patterns = new Set<string>();
    const tally: Tally = { handshakeMessages: 0, transportMessages: 0, hashesCompared: 0 };
    for (const vector of read.vectors) {
      const [, pattern = '', dh = '', cipher = '', hash = ''] = vector.protocol_name.split('_');
      if (dh !== '25519' || cipher !== 'ChaChaPoly') {
        leftByCipher[`${dh} ${cipher}`] = (leftByCipher[`${dh} ${cipher}`] ?? 0) + 1;
        continue;
      }
      assert.doesNotThrow(() => runVector(vector, tally), vector.protocol_name);
      runByHash[hash] = (runByHash[hash] ?? 0) + 1;
      patterns.add(pattern);
    }
    const runCount = Object.values(runByHash).reduce((sum, count) => sum + count, 0);
    context.diagnostic(`${file}: ${read.vectors.length} entries, ${runCount} run, ${patterns.size} patterns`);
    context.diagnostic(`run, by hash: ${JSON.stringify(runByHash)}; messages: ${JSON.stringify(tally)}`);
    context.diagnostic(`not run, another cipher: ${JSON.stringify(leftByCipher)}`);
    assert.equal(read.vectors.length, entries);
    assert.equal(runCount, ran);
    assert.deepEqual(leftByCipher, { '25519 AESGCM': entries - ran });
  });
}
