import { describe, expect, it } from '@jest/globals';

import { toUnit } from '../ranking/vector.ts';
import { planPicks } from './plan-picks.ts';
import { aCandidate, aLibrary, anAnchor, aPlan, NOW, SETTINGS } from './testing-library.ts';

const hoursAgo = (hours: number) => new Date(NOW.getTime() - hours * 3_600_000);

describe('planPicks', () => {
  it('picks what is near to a liked track and names that track', () => {
    const liked = aCandidate({ id: 'liked', title: 'Anchor', vector: toUnit([1, 0]) });
    const near = aCandidate({ id: 'near', vector: toUnit([0.9, 0.1]) });
    const far = aCandidate({ id: 'far', vector: toUnit([0, 1]) });
    const [first] = planPicks(aPlan({ anchors: [anAnchor(liked)], candidates: [far, near], count: 1 }));
    expect(first).toMatchObject({
      trackId: 'near',
      exploratory: false,
      reason: {
        kind: 'LIKED',
        anchorId: 'liked',
        anchorTitle: 'Anchor',
        similarity: expect.closeTo(0.994, 3),
      },
    });
  });

  it('names the seed of a wave that has one', () => {
    const seedTrack = aCandidate({ id: 'seed', vector: toUnit([1, 0]) });
    const near = aCandidate({ id: 'near', vector: toUnit([1, 0.5]) });
    const anchors = [anAnchor(seedTrack, { source: 'SEED' })];
    const seed = { id: 'album', title: 'Evening' };
    const [first] = planPicks(aPlan({ anchors, seed, candidates: [near], count: 1 }));
    expect(first?.reason).toMatchObject({ kind: 'SEED', seed: 'album', seedTitle: 'Evening' });
  });

  it('gives the same picks for the same seed in whatever order the rows come, others for another', () => {
    const candidates = aLibrary(200, 8);
    const anchors = [anAnchor(candidates[0]!), anAnchor(candidates[1]!)];
    const input = aPlan({ candidates, anchors, count: 20, settings: { ...SETTINGS, exploration: 0.2 } });
    const picks = planPicks(input);
    expect(planPicks({ ...input, candidates: candidates.toReversed() })).toEqual(picks);
    const other = planPicks({ ...input, settings: { ...input.settings, randomSeed: 8 } });
    expect(other.map(({ trackId }) => trackId)).not.toEqual(picks.map(({ trackId }) => trackId));
  });

  it('keeps artists six tracks apart while there is a choice', () => {
    const candidates = aLibrary(200, 8);
    const picks = planPicks(aPlan({ candidates, anchors: [anAnchor(candidates[3]!)], count: 40 }));
    const artists = picks.map(({ trackId }) => candidates.find(({ id }) => id === trackId)?.artistId);
    for (let at = 0; at + 6 <= artists.length; at++) expect(new Set(artists.slice(at, at + 6)).size).toBe(6);
  });

  it('leaves alone for a day what was heard, unless favourites are asked for', () => {
    const anchor = anAnchor(aCandidate({ id: 'liked', vector: toUnit([1, 0, 0]) }));
    const heard = aCandidate({ id: 'heard', vector: toUnit([1, 0.1, 0]), heardAt: hoursAgo(23) });
    const rested = aCandidate({ id: 'rested', vector: toUnit([1, 0, 1]), heardAt: hoursAgo(25) });
    const input = aPlan({ anchors: [anchor], candidates: [heard, rested], count: 1 });
    expect(planPicks(input)[0]?.trackId).toBe('rested');
    const favourite = { ...SETTINGS, familiarity: 'FAVOURITE' as const };
    expect(planPicks({ ...input, settings: favourite })[0]?.trackId).toBe('heard');
  });

  it('never ends: what was heard long ago comes back before what was heard lately, then what the wave played', () => {
    const candidates = [1, 2, 3].map((n) => aCandidate({ id: `t${n}`, heardAt: hoursAgo(n) }));
    const ids = planPicks(aPlan({ candidates, count: 7 })).map(({ trackId }) => trackId);
    expect(ids).toEqual(['t3', 't2', 't1', 't3', 't2', 't1', 't3']);
  });

  it('picks nothing where nothing may be played', () => {
    const candidates = [aCandidate({ id: 'a', isDisliked: true }), aCandidate({ id: 'b' })];
    expect(planPicks(aPlan({ candidates, notNow: ['b'] }))).toEqual([]);
    expect(planPicks(aPlan())).toEqual([]);
  });

  it('plays no second upload of a recording and nothing that sounds exactly like the last tracks', () => {
    const twin = { recordingKey: 'the same' };
    const candidates = [
      aCandidate({ id: 'a', ...twin, vector: toUnit([1, 0]) }),
      aCandidate({ id: 'b', ...twin, vector: toUnit([1, 1]) }),
      aCandidate({ id: 'c', vector: toUnit([1, 0.001]) }),
      aCandidate({ id: 'd', vector: toUnit([0, 1]) }),
    ];
    const anchors = [anAnchor(aCandidate({ id: 'liked', vector: toUnit([1, 0]) }))];
    const ids = planPicks(aPlan({ candidates, anchors, count: 2 })).map(({ trackId }) => trackId);
    expect(ids).not.toEqual(expect.arrayContaining(['a', 'b']));
    expect(ids).not.toEqual(expect.arrayContaining(['a', 'c']));
  });

  it('begins for a stranger with what is popular and what is new, and says so', () => {
    const candidates = [
      aCandidate({ id: 'old' }),
      aCandidate({ id: 'popular', plays: 40 }),
      aCandidate({ id: 'new', createdAt: hoursAgo(5) }),
    ];
    const picks = planPicks(aPlan({ candidates, count: 3 }));
    expect(picks.map(({ trackId }) => trackId)).toEqual(['popular', 'new', 'old']);
    expect(picks[0]?.reason).toMatchObject({ kind: 'POPULAR', plays: 40 });
    expect(picks[1]?.reason).toMatchObject({
      kind: 'FRESH',
      uploadedAt: hoursAgo(5).toISOString(),
      heard: false,
    });
    expect(picks[2]?.reason.kind).toBe('FRESH');
  });

  it('does not call popular what nobody has played', () => {
    const kinds = planPicks(aPlan({ candidates: aLibrary(10, 2), count: 10 })).map(
      ({ reason }) => reason.kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['FRESH']));
  });

  it('bends towards the mood', () => {
    const anchors = [anAnchor(aCandidate({ id: 'liked', vector: toUnit([1, 0]) }))];
    const loud = aCandidate({ id: 'loud', vector: toUnit([1, 0.1]), energy: 0.9, tempo: 150, valence: 0.8 });
    const calm = aCandidate({ id: 'calm', vector: toUnit([1, 0.6]), energy: 0.2, tempo: 80, valence: 0.5 });
    const first = (mood: 'ANY' | 'CALM') =>
      planPicks(aPlan({ anchors, candidates: [loud, calm], count: 1, settings: { ...SETTINGS, mood } }))[0]
        ?.trackId;
    expect(first('ANY')).toBe('loud');
    expect(first('CALM')).toBe('calm');
  });

  it('plays all that fits what was asked for before what does not, however liked, and says so', () => {
    const anchors = [anAnchor(aCandidate({ id: 'liked', vector: toUnit([1, 0]) }))];
    const jungle = { vector: toUnit([1, 0.1]), tempo: 170, energy: 0.8, valence: 0.6 };
    const lullaby = { vector: toUnit([0, 1]), artistId: 'one', tempo: 80, energy: 0.2, valence: 0.7 };
    const candidates = [
      aCandidate({ id: 'jungle', ...jungle }),
      aCandidate({ id: 'lullaby', ...lullaby }),
      aCandidate({ id: 'berceuse', ...lullaby, vector: toUnit([0.3, -1]) }),
    ];
    const picksFor = (activity: 'SLEEP' | 'PARTY') =>
      planPicks(aPlan({ anchors, candidates, count: 3, settings: { ...SETTINGS, activity } }));
    expect(picksFor('SLEEP').map(({ trackId }) => trackId)).toEqual(['berceuse', 'lullaby', 'jungle']);
    expect(picksFor('SLEEP').map(({ reason }) => reason.asked)).toEqual([
      'fit for sleep',
      'fit for sleep',
      undefined,
    ]);
    expect(picksFor('PARTY')[0]?.trackId).toBe('jungle');
  });

  it('tries something in the first picks of a stranger', () => {
    const settings = { ...SETTINGS, exploration: 0.08 };
    const kinds = planPicks(aPlan({ candidates: aLibrary(60, 6), count: 10, settings })).map(
      ({ reason }) => reason.kind,
    );
    expect(new Set(kinds)).toEqual(new Set(['FRESH', 'EXPLORING']));
  });

  it('avoids the given track at first where there is another', () => {
    const candidates = [aCandidate({ id: 'a', plays: 9 }), aCandidate({ id: 'b' })];
    expect(planPicks(aPlan({ candidates, count: 1 }))[0]?.trackId).toBe('a');
    expect(planPicks(aPlan({ candidates, count: 1, avoid: 'a' }))[0]?.trackId).toBe('b');
    expect(planPicks(aPlan({ candidates: candidates.slice(0, 1), count: 1, avoid: 'a' }))[0]?.trackId).toBe(
      'a',
    );
  });
});
