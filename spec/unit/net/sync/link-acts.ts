/** What may happen to two links, as data: fast-check draws runs of it and makes a failing one small. */
import * as fc from 'fast-check';
import type { RecordClass } from '../../../../net/records/record.ts';
import type { Scope } from '../../../../net/scope/scope.ts';
import { startMs } from '../../storage/log-kit.ts';

export const games = ['Quake', 'Xonotic'] as const;
const channels = ['all', 'team'] as const;

export type Act =
  | {
      readonly kind: 'say';
      readonly side: number;
      readonly game: string;
      readonly channel: string;
      readonly agoMs: number;
      /** More than *live* takes, so that history is used. */
      readonly count: number;
    }
  | { readonly kind: 'session'; readonly side: number; readonly game: string; readonly ends: boolean }
  | {
      readonly kind: 'revise';
      readonly side: number;
      readonly game: string;
      readonly number: number;
      readonly channel: string;
    }
  | { readonly kind: 'delete'; readonly side: number; readonly game: string; readonly number: number }
  | { readonly kind: 'scope'; readonly side: number; readonly scope: Scope }
  | { readonly kind: 'post'; readonly side: number }
  | { readonly kind: 'show'; readonly side: number }
  | { readonly kind: 'disk'; readonly side: number; readonly store: 'state' | 'log'; readonly count: number }
  | { readonly kind: 'refuse'; readonly side: number }
  | { readonly kind: 'wait'; readonly side: number }
  | { readonly kind: 'deliver'; readonly side: number; readonly cls: RecordClass; readonly count: number }
  | {
      readonly kind: 'crash';
      readonly side: number;
      readonly state: number;
      readonly log: number;
      readonly torn: number;
    }
  | { readonly kind: 'flap' }
  | { readonly kind: 'up' }
  | { readonly kind: 'flow'; readonly turns: number };

const side = fc.nat(1);
const game = fc.constantFrom(...games);
const channel = fc.constantFrom(...channels);
const scope: fc.Arbitrary<Scope> = fc.record({
  share: fc.constantFrom('none', 'live', 'live', 'history', 'history'),
  sinceMs: fc.constantFrom(0, startMs + 5_000, startMs + 20_000),
  games: fc.constantFrom(null, null, ['Quake'], ['Xonotic', 'Quake'], []),
  channels: fc.constantFrom(null, null, ['all'], ['team', 'all'], ['team']),
});
export const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constant('say'),
      side,
      game,
      channel,
      agoMs: fc.constantFrom(0, 0, 0, 7_000),
      count: fc.constantFrom(1, 1, 1, 1, 1, 1, 1, 150),
    }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('session'), side, game, ends: fc.boolean() }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('revise'), side, game, number: fc.nat(12), channel }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('delete'), side, game, number: fc.nat(12) }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('scope'), side, scope }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('post'), side }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('show'), side }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('disk'),
      side,
      store: fc.constantFrom('state', 'log'),
      count: fc.integer({ min: 1, max: 4 }),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('refuse'), side }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('wait'), side }) },
  {
    weight: 10,
    arbitrary: fc.record({
      kind: fc.constant('deliver'),
      side,
      cls: fc.constantFrom(0, 0, 1, 2),
      count: fc.integer({ min: 1, max: 6 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('crash'), side, state: fc.nat(3), log: fc.nat(2), torn: fc.nat(4) }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('flap') }) },
  { weight: 5, arbitrary: fc.record({ kind: fc.constant('up') }) },
  { weight: 4, arbitrary: fc.record({ kind: fc.constant('flow'), turns: fc.integer({ min: 1, max: 5 }) }) },
);
