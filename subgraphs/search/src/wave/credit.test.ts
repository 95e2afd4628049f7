import { describe, expect, it } from '@jest/globals';

import { toUnit } from '../ranking/vector.ts';
import { giveCredit, type Heard, type Outcome } from './credit.ts';
import { beginState, type WaveState } from './state.ts';
import { aLikedReason, SOME_TERMS } from './testing-library.ts';

const VECTORS: Record<string, Float32Array> = {
  rock: toUnit([1, 0]),
  alsoRock: toUnit([1, 0.2]),
  jazz: toUnit([0, 1]),
  heard: toUnit([1, 0.05]),
};
const vectorOf = (id: string) => VECTORS[id] ?? null;
const anchor = (trackId: string, source: 'LIKED' | 'SEED' = 'LIKED') => ({
  trackId,
  source,
  base: 1,
  weight: 1,
});

const state = beginState(
  ['rock', 'alsoRock', 'jazz'].map((id) => anchor(id)),
  null,
);
const heard: Heard = {
  trackId: 'heard',
  artistId: 'band',
  vector: vectorOf('heard'),
  reason: aLikedReason('rock'),
};
const after = (outcome: Outcome, from = state, what = heard) => giveCredit(from, what, outcome, vectorOf);
const weights = ({ anchors }: WaveState) =>
  Object.fromEntries(anchors.map(({ trackId, weight }) => [trackId, weight]));

describe('giveCredit', () => {
  it('praises the anchor of a track that was taken well, the better the more, and makes the track an anchor', () => {
    expect(weights(after('FINISHED'))).toEqual({ rock: 1.05, alsoRock: 1, jazz: 1, heard: 0.8 });
    expect(weights(after('REPLAYED')).rock).toBeCloseTo(1.05 ** 2, 9);
    expect(weights(after('LIKED'))).toEqual({
      rock: expect.closeTo(1.1576, 4),
      alsoRock: 1,
      jazz: 1,
      heard: 1,
    });
  });

  it('blames the anchor of a skipped track, its neighbours less, and the artist, the earlier the more', () => {
    const early = after('SKIPPED_EARLY');
    expect(weights(early)).toEqual({ rock: 0.6, alsoRock: expect.closeTo(0.703, 3), jazz: 1 });
    expect(early.penalties).toEqual({ band: 0.15 });
    const later = after('SKIPPED');
    expect(weights(later)).toEqual({
      rock: expect.closeTo(Math.sqrt(0.6), 9),
      alsoRock: expect.closeTo(Math.sqrt(0.703), 3),
      jazz: 1,
    });
    expect(later.penalties).toEqual({ band: 0.075 });
  });

  it('blames nobody for a track that was left in its second half', () => {
    expect(weights(after('MOSTLY_HEARD'))).toEqual({ rock: expect.closeTo(1.0247, 4), alsoRock: 1, jazz: 1 });
    expect(after('MOSTLY_HEARD').penalties).toEqual({});
  });

  it('makes no pinned anchor weaker', () => {
    const pinned = { ...state, anchors: state.anchors.map((one) => ({ ...one, pinned: true })) };
    expect(weights(after('DISLIKED', pinned))).toEqual({ rock: 1, alsoRock: 1, jazz: 1 });
    expect(weights(after('FINISHED', pinned)).rock).toBe(1.05);
  });

  it('drops a disliked track from the anchors', () => {
    const liked = after('LIKED');
    expect(weights(after('DISLIKED', liked))).not.toHaveProperty('heard');
    expect(after('DISLIKED', liked).penalties.band).toBeCloseTo(0.45, 9);
  });

  it('lets what was found in the session fade by half in seventy tracks', () => {
    let faded = after('LIKED');
    const other = { ...heard, reason: { ...heard.reason, anchorId: 'nobody' }, trackId: 'jazz' };
    for (let count = 0; count < 70; count++) faded = after('NOT_NOW', faded, other);
    expect(faded.anchors.find(({ trackId }) => trackId === 'heard')?.base).toBeCloseTo(0.5, 6);
  });

  it('keeps a track that is not wanted now for later sessions only', () => {
    expect(after('NOT_NOW').notNow).toEqual(['heard']);
    expect(after('NOT_NOW', after('NOT_NOW')).notNow).toEqual(['heard']);
  });

  it('forgives with time and never praises beyond measure', () => {
    let forgiven = after('SKIPPED_EARLY');
    const other = {
      ...heard,
      reason: { kind: 'EXPLORING' as const, testing: 'jazz', passed: [], relaxed: [], terms: SOME_TERMS },
      trackId: 'jazz',
    };
    for (let count = 0; count < 300; count++) forgiven = after('FINISHED', forgiven, other);
    expect(weights(forgiven).rock).toBeGreaterThan(0.97);
    let praised = state;
    for (let count = 0; count < 50; count++) praised = after('FINISHED', praised);
    expect(weights(praised).rock).toBeLessThanOrEqual(1.3);
  });

  it('keeps 64 anchors at most, among them what the wave began from', () => {
    let full: WaveState = { ...state, anchors: [{ ...anchor('start', 'SEED'), weight: 0.01 }] };
    for (let count = 0; count < 100; count++)
      full = after('LIKED', full, { ...heard, trackId: `track ${count}` });
    expect(full.anchors).toHaveLength(64);
    expect(full.anchors.map(({ trackId }) => trackId)).toEqual(expect.arrayContaining(['start', 'track 99']));
  });
});
