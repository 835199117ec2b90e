/**
 * One run of the whole network from one seed: devices on a bad LAN whose users do this and that, whose power fails and whose
 * clocks jump, then a calm end in which everything must come right.
 */
import type { PeerId } from '../../net/peer-id.ts';
import type { RoomId } from '../../net/records/ids.ts';
import { Acts } from './acts.ts';
import { Story } from './story.ts';
import { WireRules } from './wire-rules.ts';
import { Chance } from './world/chance.ts';
import { Device } from './world/device.ts';
import { Lan } from './world/lan.ts';
import type { Sending } from './world/lan.ts';
import { Timeline } from './world/timeline.ts';

/** Between two things that happen, virtual. */
const gapsMs = [0, 5, 50, 300, 1_000, 2_500, 6_000] as const;
/** In the calm end all must have come right by then, virtual ms. */
const calmLimitMs = 20 * 60_000;
/** Silence of 15 s, then 3 s without an answer: then nobody counts as connected who is not. */
const presenceMs = 25_000;

export interface RunReport {
  readonly seed: string;
  readonly devices: number;
  /** Virtual. */
  readonly minutes: number;
  readonly steps: number;
  readonly datagrams: number;
  readonly promised: number;
  /** Pairs of devices that were contacts in the end, each way counted. */
  readonly bonds: number;
  readonly crashes: number;
  /** From the beginning of the calm until all was right, virtual ms. */
  readonly calmMs: number;
  readonly violations: readonly string[];
}

export interface RunOptions {
  readonly seed: string;
  readonly trace?: (sentence: string) => void;
  /** Is given the devices when all is over. */
  readonly onEnd?: (devices: readonly Device[]) => void;
}

export async function runNetwork({ seed, trace = () => {}, onEnd = () => {} }: RunOptions): Promise<RunReport> {
  const chance = new Chance(seed);
  const timeline = new Timeline();
  const lan = new Lan(timeline, chance.fork('lan'));
  const say = (sentence: string) => trace(`${(timeline.nowMs / 1_000).toFixed(3).padStart(10)} ${sentence}`);
  const count = chance.pick([3, 3, 3, 3, 3, 3, 3, 4, 4, 5, 6]);
  const devices: Device[] = [];
  const names = ['ada', 'bob', 'cyd', 'dan', 'eve', 'fay'].slice(0, count);
  for (const name of names) {
    const watch = {
      onKept: (device: Device, entries: Parameters<Story['onKept']>[1]) => {
        for (const entry of entries) say(`${device.name} keeps ${describe(entry)}`);
        story.onKept(device, entries);
      },
      onRequest: (device: Device, peer: PeerId) => acts.requested(device, peer),
      onProblem: (device: Device, message: string) => say(`${device.name} tells its user: ${message}`),
    };
    devices.push(new Device(name, lan, chance.fork(name), watch));
  }
  const story = new Story(devices);
  const rules = new WireRules(devices);
  const acts = new Acts({ chance: chance.fork('acts'), lan, devices, story, rules, say });
  lan.onSend = (sending) => look(sending);

  function look(sending: Sending): void {
    const wrong = rules.judge(sending, timeline.nowMs);
    if (wrong !== null) story.wrong(wrong);
    const from = devices.find(({ machine }) => machine === sending.by);
    const [type, address] = [sending.bytes[0], sending.to?.address.split('%')[0]];
    if (from === undefined || type !== 5 || address === undefined) return;
    for (const to of devices) {
      if (to !== from && to.machine.addresses.has(address)) story.direction(from, to).mark();
    }
  }

  await acts.begin();
  // Sessions live for two or three minutes: some runs see many of them.
  const actsLeft = chance.happens(0.04) ? chance.whole(150, 300) : chance.whole(15, 70);
  for (let left = actsLeft; left > 0 && story.violations.length === 0; left -= 1) {
    await acts.act();
    await timeline.pass(chance.pick(gapsMs) * chance.between(0.5, 1.5));
    if (chance.happens(0.01)) await timeline.pass(chance.whole(60_000, 240_000));
  }
  await acts.calm();
  const calmMs = timeline.nowMs;
  if (story.violations.length === 0) {
    // Who went away unseen counts as connected until then.
    await timeline.pass(presenceMs);
    const isRight = await timeline.passUntil(
      () => story.violations.length > 0 || (acts.isIdle && story.unsettled().length === 0),
      calmLimitMs,
      500,
    );
    if (!isRight) for (const sentence of story.unsettled()) story.wrong(`in the end ${sentence}`);
  }
  if (story.violations.length === 0) {
    // What came right stays so.
    await timeline.pass(5_000);
    for (const sentence of story.unsettled()) story.wrong(`after the end ${sentence}`);
  }
  onEnd(devices);
  return {
    seed,
    devices: count,
    minutes: Math.round(timeline.nowMs / 6e4),
    steps: timeline.steps,
    datagrams: lan.datagrams,
    promised: story.promised,
    crashes: acts.crashes,
    bonds: story.bonded().length,
    calmMs: timeline.nowMs - calmMs,
    violations: story.violations,
  };
}

function describe(entry: Parameters<Story['onKept']>[1][number]): string {
  switch (entry.kind) {
    case 'message':
      return `message "${entry.text}" ${entry.from === null ? '(own)' : `of ${entry.from.slice(0, 6)}`}`;
    case 'message-state':
      return `that ${entry.of.slice(-6)} is ${entry.state} at ${entry.peer.slice(0, 6)}`;
    case 'line':
      return `line "${entry.text}"${entry.origin === undefined ? '' : ` ${entry.origin.number} of ${entry.origin.peer.slice(0, 6)}`}`;
    case 'holes':
      return `${entry.count} holes up to ${entry.origin.number} of ${entry.origin.peer.slice(0, 6)}`;
    case 'session':
    case 'session-end':
    case 'revision':
    case 'tombstone':
    case 'room':
      return entry.kind;
  }
}

export type { RoomId };
