import { describe, expect, it } from '@jest/globals';

import { toUnit } from '../ranking/vector.ts';
import { clusterAnchors, type TastedTrack } from './cluster-anchors.ts';

const tasted = (trackId: string, overrides: Partial<TastedTrack> = {}): TastedTrack => ({
  trackId,
  source: 'LIKED',
  strength: 3,
  credit: 1,
  isPinned: false,
  vector: null,
  ...overrides,
});

/** Two sounds, of which the second is liked by fewer tracks, but more. */
const two = [
  ...[0, 1, 2, 3].map((n) => tasted(`rock ${n}`, { vector: toUnit([1, 0.02 * n]), strength: 1 })),
  ...[0, 1].map((n) => tasted(`jazz ${n}`, { vector: toUnit([0.02 * n, 1]), strength: 4 - n })),
];

describe('clusterAnchors', () => {
  it('takes each track of a small taste, the stronger the heavier', () => {
    const anchors = clusterAnchors([tasted('old', { strength: 0.2 }), tasted('new')]);
    expect(anchors).toEqual([
      { trackId: 'new', source: 'LIKED', base: 0.875, weight: 0.875 },
      { trackId: 'old', source: 'LIKED', base: expect.closeTo(0.583, 3), weight: expect.closeTo(0.583, 3) },
    ]);
  });

  it('takes of a larger taste one track for each sound, with the strength of all that sounds alike', () => {
    const anchors = clusterAnchors(two, 2);
    expect(anchors.map(({ trackId }) => trackId)).toEqual(['jazz 0', 'rock 0']);
    expect(anchors[0]?.base).toBeCloseTo(0.5 + (0.5 * 7) / 8, 9);
    expect(anchors[1]?.base).toBeCloseTo(0.5 + (0.5 * 4) / 5, 9);
    expect(clusterAnchors(two.toReversed(), 2)).toEqual(anchors);
  });

  it('keeps what is pinned, at full weight whatever was made of it', () => {
    const pinned = tasted('pinned', { isPinned: true, strength: -2, credit: 0.1, vector: toUnit([1, 0]) });
    expect(clusterAnchors([...two, pinned], 2)[0]).toEqual({
      trackId: 'pinned',
      source: 'LIKED',
      base: 1,
      weight: 1,
      pinned: true,
    });
  });

  it('begins with the credit that earlier waves have left', () => {
    expect(clusterAnchors([tasted('a', { credit: 0.6 })])[0]?.weight).toBeCloseTo(0.875 * 0.6, 9);
  });
});
