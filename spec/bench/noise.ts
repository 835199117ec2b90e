/**
 * Figures of Noise and Ed25519 on this machine: `node --import tsx spec/bench/noise.ts`. A handshake by IKpsk2 on
 * either side, a contact request by X, a datagram of 1,200 bytes, forged ones, and keys for signing. Medians of many
 * rounds.
 */
import { randomBytes } from 'node:crypto';
import { cpus } from 'node:os';
import { SigningKey, VerifyingKey } from '../../net/ed25519.ts';
import { HandshakeState, TransportKey, computeDh, generateKeyPair, tagBytes } from '../../net/noise/index.ts';
import type { HandshakeOptions } from '../../net/noise/index.ts';
import type { Result } from '../../storage/index.ts';

const random = (sizeBytes: number) => new Uint8Array(randomBytes(sizeBytes));
const figures: { what: string; median: string; best: string }[] = [];

function take<T>(result: Result<T, { readonly kind: string }>): T {
  if (!result.ok) throw new Error(`refused: ${result.error.kind}`);
  return result.value;
}

function show(ms = 0): string {
  return ms < 0.5 ? `${(ms * 1_000).toFixed(1)} µs` : `${ms.toFixed(2)} ms`;
}

function note(what: string, timesMs: readonly number[]): void {
  const sorted = timesMs.toSorted((a, b) => a - b);
  figures.push({ what, median: show(sorted[Math.floor(sorted.length / 2)]), best: show(sorted[0]) });
}

/** Times of `rounds` runs; each run does its work `repeats` times, for what a clock cannot resolve. */
function measure(what: string, rounds: number, repeats: number, work: () => unknown): void {
  const timesMs: number[] = [];
  for (let round = 0; round < rounds * 1.25; round += 1) {
    const startMs = performance.now();
    for (let repeat = 0; repeat < repeats; repeat += 1) work();
    // The first runs are for the compiler.
    if (round >= rounds / 4) timesMs.push((performance.now() - startMs) / repeats);
  }
  note(what, timesMs);
}

const ours = generateKeyPair(random);
const theirs = generateKeyPair(random);
const psk = random(32);

function makeState(
  pattern: string,
  role: 'initiator' | 'responder',
  more: Partial<HandshakeOptions> = {},
): HandshakeState {
  const options = { protocol: `Noise_${pattern}_25519_ChaChaPoly_SHA512`, role, random, ...more };
  return role === 'initiator'
    ? new HandshakeState({ ...options, localStatic: ours, remoteStatic: theirs.publicKey })
    : new HandshakeState({ ...options, localStatic: theirs });
}

function timed<T>(timesMs: number[], work: () => T): T {
  const startMs = performance.now();
  const value = work();
  timesMs.push(performance.now() - startMs);
  return value;
}

function measureHandshake(): void {
  const times = {
    make: new Array<number>(),
    write1: new Array<number>(),
    read1: new Array<number>(),
    write2: new Array<number>(),
    read2: new Array<number>(),
    initiator: new Array<number>(),
    responder: new Array<number>(),
  };
  for (let round = 0; round < 250; round += 1) {
    if (round === 50) for (const list of Object.values(times)) list.length = 0;
    const initiator = timed(times.make, () => makeState('IKpsk2', 'initiator', { psks: { 2: psk } }));
    const first = timed(times.write1, () => take(initiator.writeMessage(random(64))));
    const responder = makeState('IKpsk2', 'responder');
    timed(times.read1, () => take(responder.readMessage(first)));
    const second = timed(times.write2, () => {
      responder.setPsk(2, psk);
      const message = take(responder.writeMessage(random(16)));
      responder.split();
      return message;
    });
    timed(times.read2, () => {
      take(initiator.readMessage(second));
      initiator.split();
    });
    times.initiator.push((times.make.at(-1) ?? 0) + (times.write1.at(-1) ?? 0) + (times.read2.at(-1) ?? 0));
    times.responder.push((times.read1.at(-1) ?? 0) + (times.write2.at(-1) ?? 0));
  }
  note('IKpsk2, a state made', times.make);
  note('IKpsk2, message 1 written', times.write1);
  note('IKpsk2, message 1 read', times.read1);
  note('IKpsk2, message 2 written and split', times.write2);
  note('IKpsk2, message 2 read and split', times.read2);
  note('IKpsk2, initiator in all', times.initiator);
  note('IKpsk2, responder in all', times.responder);
}

measure('X25519, one DH', 200, 1, () => computeDh(ours.secretKey, theirs.publicKey));
measureHandshake();

const request = take(makeState('X', 'initiator').writeMessage(random(900)));
measure('X, request of 996 bytes written', 100, 1, () => makeState('X', 'initiator').writeMessage(random(900)));
measure('X, request of 996 bytes opened', 100, 1, () => take(makeState('X', 'responder').readMessage(request)));
const forged = new Uint8Array(request);
forged[40] = (forged[40] ?? 0) ^ 1;
measure('X, forged request refused', 100, 1, () => makeState('X', 'responder').readMessage(forged));
measure('X, cut request refused', 100, 50, () => makeState('X', 'responder').readMessage(request.subarray(0, 95)));

const key = new TransportKey(random(32));
const ad = random(16);
const plain = random(1_200);
const sealed = key.seal(1, ad, plain);
const aligned = new Uint8Array(1_200 + tagBytes + 16);
const output = aligned.subarray(16);
const oddOutput = new Uint8Array(1_200 + tagBytes + 13).subarray(13);
measure('1,200 bytes sealed', 200, 50, () => key.seal(1, ad, plain));
measure('1,200 bytes sealed into a datagram', 200, 50, () => key.seal(1, ad, plain, output.subarray(0, sealed.length)));
measure('1,200 bytes sealed at an odd offset', 200, 50, () => key.seal(1, ad, plain, oddOutput));
measure('1,200 bytes opened', 200, 50, () => key.open(1, ad, sealed));
measure('1,200 forged bytes refused', 200, 50, () => key.open(2, ad, sealed));
measure('40 bytes sealed', 200, 50, () => key.seal(1, ad, plain.subarray(0, 40)));

const seed = random(32);
const signing = SigningKey.fromSeed(seed);
const verifying = VerifyingKey.parse(signing.publicKey);
const signature = signing.sign(plain);
measure('Ed25519, pair of a seed', 50, 1, () => SigningKey.fromSeed(seed));
measure('Ed25519, public key imported', 100, 5, () => VerifyingKey.parse(signing.publicKey));
measure('Ed25519, signed', 100, 5, () => signing.sign(plain));
measure('Ed25519, verified', 100, 5, () => verifying?.verify(plain, signature));

console.log(`${cpus()[0]?.model ?? 'unknown processor'}, ${cpus().length} cores, Node ${process.version}`);
console.table(figures);
