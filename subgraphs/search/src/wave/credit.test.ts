import { describe, expect, it } from '@jest/globals';

import { toUnit } from '../ranking/vector.ts';
import { giveCredit, type Heard, type Outcome } from './credit.ts';
import type { WaveState } from './state.ts';

const VECTORS: Record<string, Float32Array> = {
  rock: toUnit([1, 0]),
  alsoRock: toUnit([1, 0.2]),
  jazz: toUnit([0, 1]),
  heard: toUnit([1, 0.05]),
};
const vectorOf = (id: string) => VECTORS[id] ?? null;
const terms = { base: 1, artist: 0, context: 0, familiarity: 0, chance: 0 };
const anchor = (trackId: string, source: 'LIKED' | 'SEED' = 'LIKED') => ({
  trackId,
  source,
  base: 1,
  weight: 1,
});

const state: WaveState = {
  anchors: ['rock', 'alsoRock', 'jazz'].map((id) => anchor(id)),
  penalties: {},
  notNow: [],
  seedTitle: null,
};
const heard: Heard = {
  trackId: 'heard',
  artistId: 'band',
  vector: vectorOf('heard'),
  reason: {
    kind: 'LIKED',
    anchorId: 'rock',
    anchorTitle: 'Rock',
    source: 'LIKED',
    similarity: 1,
    weight: 1,
    terms,
  },
};
const after = (outcome: Outcome, from = state, what = heard) => giveCredit(from, what, outcome, vectorOf);
const weights = ({ anchors }: WaveState) =>
  Object.fromEntries(anchors.map(({ trackId, weight }) => [trackId, weight]));

describe('giveCredit', () => {
  it('praises the anchor of a finished track and makes the track an anchor', () => {
    expect(weights(after('FINISHED'))).toEqual({ rock: 1.05, alsoRock: 1, jazz: 1, heard: 0.8 });
    expect(weights(after('LIKED'))).toEqual({ rock: 1.05, alsoRock: 1, jazz: 1, heard: 1 });
  });

  it('blames the anchor of a skipped track, its neighbours less, and the artist', () => {
    const next = after('SKIPPED');
    expect(weights(next)).toEqual({ rock: 0.6, alsoRock: expect.closeTo(0.703, 3), jazz: 1 });
    expect(next.penalties).toEqual({ band: 0.15 });
  });

  it('hardly blames anybody for a track that was left in its second half', () => {
    expect(weights(after('SKIPPED_LATE'))).toEqual({ rock: 0.9, alsoRock: 1, jazz: 1 });
    expect(after('SKIPPED_LATE').penalties).toEqual({});
  });

  it('drops a disliked track from the anchors', () => {
    const liked = after('LIKED');
    expect(weights(after('DISLIKED', liked))).not.toHaveProperty('heard');
    expect(after('DISLIKED', liked).penalties).toEqual({ band: 0.3 });
  });

  it('keeps a track that is not wanted now for later sessions only', () => {
    expect(after('NOT_NOW').notNow).toEqual(['heard']);
    expect(after('NOT_NOW', after('NOT_NOW')).notNow).toEqual(['heard']);
  });

  it('forgives with time and never praises beyond measure', () => {
    let forgiven = after('SKIPPED');
    const other = {
      ...heard,
      reason: { kind: 'EXPLORING' as const, testing: 'jazz', terms },
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
