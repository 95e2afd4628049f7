import { describe, expect, it } from '@jest/globals';

import { matchClip, type SegmentHit } from './match-clip.ts';

const hit = (trackId: string, clipSecond: number, trackSecond: number, score = 0.95): SegmentHit => ({
  trackId,
  clipSecond,
  trackSecond,
  score,
});

describe('matchClip', () => {
  it('finds where the clip was cut from', () => {
    const hits = [0, 1, 2, 3, 4].map((second) => hit('song', second, second + 42));
    expect(matchClip(5, hits)).toEqual([
      { trackId: 'song', score: expect.closeTo(0.95, 5), offsetMs: 42_000 },
    ]);
  });

  it('does not take likeness for the same recording', () => {
    const hits = [0, 1, 2, 3, 4, 5].map((second) => hit('alike', second, (second * 17) % 50));
    expect(matchClip(6, hits)).toEqual([]);
  });

  it('bears a clip that begins between two seconds', () => {
    const hits = [hit('song', 0, 10), hit('song', 1, 12), hit('song', 2, 12), hit('song', 3, 14)];
    expect(matchClip(4, hits)).toEqual([
      { trackId: 'song', score: expect.closeTo(0.95, 5), offsetMs: 10_000 },
    ]);
  });

  it('wants half of the clip to agree and to agree well', () => {
    expect(matchClip(8, [hit('song', 0, 5), hit('song', 1, 6), hit('song', 2, 7)])).toEqual([]);
    expect(matchClip(2, [hit('song', 0, 5, 0.5), hit('song', 1, 6, 0.5)])).toEqual([]);
  });

  it('takes the one place of a short clip when it is near and all others are far behind', () => {
    const song = [hit('song', 0, 5, 0.9), hit('song', 0, 6, 0.85)];
    expect(matchClip(1, [...song, hit('other', 0, 3, 0.7)])).toEqual([
      { trackId: 'song', score: 0.9, offsetMs: 5_000 },
    ]);
    expect(matchClip(1, [...song, hit('other', 0, 3, 0.84)])).toEqual([]);
    expect(matchClip(1, [hit('song', 0, 5, 0.75)])).toEqual([]);
    expect(matchClip(1, [])).toEqual([]);
    const twin = hit('upload', 0, 5, 0.89);
    expect(matchClip(1, [...song, twin]).map(({ trackId }) => trackId)).toEqual(['song', 'upload']);
  });

  it('knows a recording by two uploads', () => {
    const hits = [0, 1, 2].flatMap((second) => [
      hit('b', second, second, 0.9),
      hit('a', second, second + 3, 0.99),
    ]);
    expect(matchClip(3, hits).map(({ trackId }) => trackId)).toEqual(['a', 'b']);
  });
});
