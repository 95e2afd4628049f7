import { describe, expect, it } from '@jest/globals';

import { toUnit } from '../ranking/vector.ts';
import { planPicks } from './plan-picks.ts';
import { aCandidate, aLibrary, anAnchor, aPlan, NOW, SETTINGS } from './testing-library.ts';

const ids = (picks: ReturnType<typeof planPicks>) => picks.map(({ trackId }) => trackId);

describe('the rules of a wave', () => {
  it('keep out what the settings rule out, and name what they held to', () => {
    const candidates = [
      aCandidate({ id: 'french', language: 'fr' }),
      aCandidate({ id: 'brazilian', language: 'pt-BR' }),
      aCandidate({ id: 'instrumental' }),
      aCandidate({ id: 'explicit', language: 'pt', explicit: true }),
      aCandidate({ id: 'synthetic', language: 'pt', isAiSuspected: true }),
    ];
    const settings = {
      ...SETTINGS,
      languages: ['PT'],
      explicit: 'EXCLUDE' as const,
      excludesAiSuspected: true,
    };
    const picks = planPicks(aPlan({ candidates, settings, count: 2 }));
    expect(ids(picks)).toEqual(['brazilian', 'instrumental']);
    expect(picks[0]?.reason.passed.slice(0, 4)).toEqual([
      'NOT_REFUSED',
      'LANGUAGE',
      'EXPLICIT',
      'NOT_AI_SUSPECTED',
    ]);
    expect(planPicks(aPlan({ candidates: candidates.slice(3), settings }))).toEqual([]);
  });

  it('let two of an album into twenty, then others while there are any', () => {
    const candidates = aLibrary(60, 3).map((track, n) => ({
      ...track,
      artistId: `artist ${n}`,
      albumIds: n % 3 === 0 ? ['album'] : [],
    }));
    const picks = planPicks(aPlan({ candidates, anchors: [anAnchor(candidates[0]!)], count: 40 }));
    const on = picks.map(({ trackId }) => candidates.find(({ id }) => id === trackId)!.albumIds.length);
    for (let at = 0; at + 20 <= on.length; at++) {
      expect(on.slice(at, at + 20).reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(2);
    }
  });

  it('say which of them had to give', () => {
    const same = { artistId: 'one', albumIds: ['album'] };
    const candidates = [
      aCandidate({ id: 'a', ...same, vector: toUnit([1, 0]) }),
      aCandidate({ id: 'b', ...same, vector: toUnit([0, 1]) }),
    ];
    const [first, second, third] = planPicks(aPlan({ candidates, count: 3 }));
    expect(first?.reason.relaxed).toEqual([]);
    expect(second?.reason.relaxed).toEqual(['ALBUM_SPACED', 'ARTIST_SPACED']);
    expect(third?.reason.relaxed).toContain('RESTED');
  });

  it('leave alone what was shaken off', () => {
    const candidates = aLibrary(12, 2);
    const first = planPicks(aPlan({ candidates }));
    const after = planPicks(aPlan({ candidates, shaken: ids(first), shakenUntil: 6 }));
    for (const trackId of ids(after)) expect(ids(first)).not.toContain(trackId);
  });

  it('rather play what is unlike the last picks among what is as good', () => {
    const anchor = anAnchor(aCandidate({ id: 'liked', vector: toUnit([1, 0, 0]) }));
    const candidates = [
      aCandidate({ id: 'left', vector: toUnit([1, 0.5, 0]) }),
      aCandidate({ id: 'left too', vector: toUnit([1, 0.51, 0.12]) }),
      aCandidate({ id: 'right', vector: toUnit([1, -0.52, 0]) }),
    ];
    const picks = planPicks(aPlan({ anchors: [anchor], candidates, count: 3 }));
    expect(ids(picks)).toEqual(['left', 'right', 'left too']);
    expect(picks[1]?.reason.terms.diversity).toBeLessThan(0);
  });

  it('follow a curve of energy', () => {
    const candidates = Array.from({ length: 60 }, (_, n) =>
      aCandidate({ id: `t${n}`, energy: (n % 20) / 20, createdAt: NOW }),
    );
    const energies = (energyCurve: 'RISE' | 'FALL' | 'ARC') =>
      planPicks(aPlan({ candidates, settings: { ...SETTINGS, energyCurve }, count: 20 })).map(
        ({ trackId }) => candidates.find(({ id }) => id === trackId)!.energy!,
      );
    const rise = energies('RISE');
    expect([rise[0]! < 0.35, rise[19]! > 0.7]).toEqual([true, true]);
    const fall = energies('FALL');
    expect([fall[0]! > 0.7, fall[19]! < 0.4]).toEqual([true, true]);
    const arc = energies('ARC');
    expect([arc[0]! < 0.4, arc[10]! > 0.7, arc[19]! < 0.45]).toEqual([true, true, true]);
  });
});

describe('what speaks for a track', () => {
  const liked = aCandidate({ id: 'liked', artistId: 'band', genres: ['Dub'], vector: toUnit([1, 0]) });
  const first = (
    candidate: Parameters<typeof aCandidate>[0],
    others = [aCandidate({ id: 'nothing', plays: 1 })],
  ) =>
    planPicks(
      aPlan({ anchors: [anAnchor(liked)], candidates: [aCandidate(candidate), ...others], count: 1 }),
    )[0];

  it('is its artist where it is new or not analysed', () => {
    expect(first({ id: 'b-side', artistId: 'band' })).toMatchObject({
      trackId: 'b-side',
      reason: { kind: 'ARTIST', isSameArtist: true, anchorId: 'liked' },
    });
    const known = aCandidate({
      id: 'known',
      artistId: 'near',
      plays: 5,
      vector: toUnit([1, 0.2]),
      heardAt: NOW,
    });
    expect(first({ id: 'debut', artistId: 'near' }, [known])).toMatchObject({
      trackId: 'debut',
      reason: { kind: 'ARTIST', isSameArtist: false, artistId: 'near' },
    });
  });

  it('is a genre where it is not analysed', () => {
    expect(first({ id: 'silent', genres: ['dub'], plays: 1 })).toMatchObject({
      reason: { kind: 'GENRE', genre: 'dub', similarity: 1 },
    });
  });

  it('is what listeners of the same say, where they say more than the sound does', () => {
    const listeners = { score: 0.8, anchorId: 'liked', support: 12 };
    const far = { id: 'far', vector: toUnit([0.2, 1]), plays: 1 };
    expect(first({ ...far, listeners })?.reason).toMatchObject({ kind: 'LISTENERS', support: 12 });
    expect(first({ ...far, vector: toUnit([1, 0.1]), listeners })?.reason.kind).toBe('LIKED');
  });
});
