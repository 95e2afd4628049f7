import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataOf, trackDeleted, trackUpdated, twinFound } from '@volna/events';

import { seekTwins, TWIN_SIMILARITY } from './domain/seek-twins.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';

type Twin = DataOf<typeof twinFound>;

let search: OpenSearch;
let told: Twin[] = [];
let corner = 0;
beforeAll(async () => {
  search = await openSearch();
  await search.bus.consume(twinFound, 'test', async (event) => void told.push(event));
});
afterAll(async () => search[Symbol.asyncDispose]());
beforeEach(() => {
  told = [];
  corner += 1;
});

/** A vector near that of another test's tracks by nothing, and of this cosine with the one at 1. */
function vector(cosine: number): number[] {
  const values = Array.from({ length: 16 }, () => 0);
  values[corner] = cosine;
  values[15] = Math.sqrt(1 - cosine ** 2);
  return values;
}

async function describeTrack(cosine: number, more: Parameters<typeof aTrack>[0] = {}) {
  const track = aTrack({ vector: vector(cosine), title: `Copy ${corner} ${cosine}`, ...more });
  await search.bus.publish(trackUpdated, track);
  await search.settle();
  return track;
}

describe('tracks that sound the same', () => {
  it('are stated, whoever’s they are, once for each pair', async () => {
    const [one, two] = [await describeTrack(1), await describeTrack(TWIN_SIMILARITY + 0.01)];
    expect(told).toEqual([
      { trackId: two.trackId, otherId: one.trackId, similarity: expect.closeTo(TWIN_SIMILARITY + 0.01, 4) },
    ]);
    for (const track of [one, two]) await search.bus.publish(trackUpdated, { ...track, title: 'Renamed' });
    await search.settle();
    await seekTwins({ ...search, wakeRelay: () => {} });
    await search.settle();
    expect(told).toHaveLength(1);
  });

  it('are not those that only resemble each other, or are of another length', async () => {
    await describeTrack(1);
    await describeTrack(TWIN_SIMILARITY - 0.01);
    await describeTrack(1, { durationMs: 203_001 });
    await describeTrack(1, { durationMs: null });
    expect(told).toEqual([]);
    await describeTrack(1, { durationMs: 203_000 });
    expect(told).toHaveLength(2);
  });

  it('are told again of a track that comes in the place of one that is gone', async () => {
    const [one, two] = [await describeTrack(1), await describeTrack(1)];
    await search.bus.publish(trackDeleted, { trackId: two.trackId, ownerId: two.ownerId });
    await search.settle();
    const three = await describeTrack(1);
    expect(told.map(({ trackId, otherId }) => [trackId, otherId])).toEqual([
      [two.trackId, one.trackId],
      [three.trackId, one.trackId],
    ]);
  });
});
