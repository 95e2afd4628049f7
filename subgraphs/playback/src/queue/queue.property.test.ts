import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';

import type { PlayerAction, RepeatMode } from '../generated/graphql.ts';
import { insertItems, moveItem, removeItems, replaceItems, shuffleItems, unshuffleItems } from './arrange.ts';
import { control } from './control.ts';
import { EMPTY, positionAt, type QueueState } from './state.ts';

type Step = (state: QueueState, now: number) => QueueState | null;

const lengthOf = () => 60_000;
let made = 0;
const newItems = (count: number) =>
  Array.from({ length: count }, () => ({
    id: `i${made++}`,
    trackId: `t${made % 7}`,
    source: 'ORGANIC' as const,
  }));
const idAt = ({ items }: QueueState, rank: number) => items[rank % Math.max(1, items.length)]?.id ?? 'none';

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.tuple(fc.nat(8), fc.nat(7), fc.option(fc.integer())).map(
    ([count, startAt, shuffleSeed]): Step =>
      (state, now) =>
        replaceItems(state, newItems(count), { startAt, shuffleSeed, now }),
  ),
  fc.tuple(fc.nat(3), fc.constantFrom('NEXT' as const, 'END' as const)).map(
    ([count, where]): Step =>
      (state) =>
        insertItems(state, newItems(count), where),
  ),
  fc.tuple(fc.nat(20), fc.nat(20)).map(
    ([from, to]): Step =>
      (state) =>
        moveItem(state, idAt(state, from), to === 0 ? null : idAt(state, to)),
  ),
  fc.array(fc.nat(20), { maxLength: 3 }).map(
    (ranks): Step =>
      (state, now) =>
        removeItems(
          state,
          ranks.map((rank) => idAt(state, rank)),
          now,
        ),
  ),
  fc.integer().map(
    (seed): Step =>
      (state) =>
        shuffleItems(state, seed),
  ),
  fc.constant<Step>((state) => unshuffleItems(state)),
  fc.constantFrom<PlayerAction[]>('PLAY', 'PAUSE', 'SEEK', 'NEXT', 'PREVIOUS', 'ENDED').map(
    (action): Step =>
      (state, now) =>
        control(state, { action, itemId: null, positionMs: null, device: null, now, lengthOf }),
  ),
  fc.constantFrom<RepeatMode[]>('OFF', 'ALL', 'ONE').map((repeat): Step => (state) => ({ ...state, repeat })),
);

describe('a queue, whatever is done with it', () => {
  it('has a current item that is there, each item once, and a position that is none of the past', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
        let state: QueueState = EMPTY;
        let now = 1_000;
        for (const run of steps) {
          now += 700;
          state = run(state, now) ?? state;
          const ids = state.items.map(({ id }) => id);
          expect(new Set(ids).size).toBe(ids.length);
          expect(new Set(state.items.map(({ place }) => place)).size).toBe(ids.length);
          expect(state.currentId === null || ids.includes(state.currentId)).toBe(true);
          expect(state.isPlaying && state.currentId === null).toBe(false);
          expect(positionAt(state, now, 60_000)).toBeGreaterThanOrEqual(0);
        }
      }),
      { seed: 20261121, numRuns: 500 },
    );
  });

  it('is in order again after it was shuffled, and in the same order for the same seed', () => {
    fc.assert(
      fc.property(fc.nat(30), fc.integer(), (count, seed) => {
        const state = insertItems(EMPTY, newItems(count), 'END');
        const shuffled = shuffleItems(state, seed);
        expect(shuffleItems(state, seed).items).toEqual(shuffled.items);
        expect(shuffled.items[0]?.id ?? null).toBe(state.currentId);
        expect(unshuffleItems(shuffled).items).toEqual(state.items);
      }),
      { seed: 20261121, numRuns: 200 },
    );
  });
});
