import { describe, expect, it } from '@jest/globals';

import type { Decision, WavePick } from './decision.ts';
import { explain } from './explain.ts';
import { aLikedReason, SOME_TERMS } from './testing-library.ts';
import { varyTold } from './vary-told.ts';

const pickFor = (reason: Decision, at: number): WavePick => ({
  trackId: `t${at}`,
  albumId: null,
  score: 1,
  exploratory: false,
  reason,
});

function tell(reasons: readonly Decision[], firstSeq = 1): string[] {
  const picks: WavePick[] = [];
  for (const [at, reason] of reasons.entries())
    picks.push(varyTold(pickFor(reason, at), picks, firstSeq + at));
  return picks.map(({ reason, trackId }) => explain(reason, trackId));
}

const fresh = (more: object = {}): Decision => ({
  kind: 'FRESH',
  uploadedAt: '2026-11-22T00:00:00.000Z',
  heard: false,
  genre: 'folk',
  artistName: 'Waders',
  feeling: 'slow music',
  terms: SOME_TERMS,
  passed: [],
  relaxed: [],
  ...more,
});

describe('varyTold', () => {
  it('tells of new tracks one thing after the other that is known of them', () => {
    const texts = tell([fresh(), fresh(), fresh(), fresh()]);
    expect(texts.toSorted()).toEqual([
      'Added here on 22 November 2026; you have not heard it yet.',
      'Folk that is new here, and to you.',
      'New here from Waders; you have not heard it yet.',
      'Slow music, new here and to you.',
    ]);
    expect(tell([fresh()], 1)).not.toEqual(tell([fresh()], 2));
  });

  it('tells nothing that is not known', () => {
    const bare = fresh({ genre: undefined, artistName: undefined, feeling: undefined });
    const date = 'Added here on 22 November 2026; you have not heard it yet.';
    expect(tell([bare, bare])).toEqual([date, date]);
  });

  it('names an anchor first, and by turns what a track has in common with it', () => {
    const liked = aLikedReason('a', { anchorTitle: 'X', similarity: 0.6, traits: ['folk', 'slow music'] });
    const [because, common] = [
      'Because you like “X”.',
      'Folk, slow music, as is “X”, which is to your taste.',
    ];
    const near = 'Near to “X”, which you like.';
    expect(tell([liked, liked, liked, liked], 2)).toEqual([because, common, near, because]);
    const other = aLikedReason('b', { anchorTitle: 'Y', similarity: 0.6, traits: ['dub'] });
    expect(tell([liked, other])).toEqual([because, 'Because you like “Y”.']);
    const bare = { ...liked, traits: [] };
    expect(tell([bare, bare])).toEqual([because, near]);
    const far = { ...bare, similarity: 0.3 };
    const nearest = 'Among the nearest here to “X”, which you like.';
    expect(tell([far, far])).toEqual([nearest, nearest]);
    // of a track that is an anchor itself nothing else is to be said
    expect(tell([{ ...liked, anchorId: 't0' }])).toEqual(['One of your favourites.']);
  });

  it('leaves the ground, the score and the credit of a pick as they are', () => {
    const pick = pickFor(fresh(), 0);
    const { angle, ...reason } = varyTold(pick, [], 1).reason;
    expect(angle).toBeDefined();
    expect({ ...pick, reason }).toEqual(pick);
  });
});
