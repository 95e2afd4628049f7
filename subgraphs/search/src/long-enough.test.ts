import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trackUpdated } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { react } from './testing/listening.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';
import { askAs } from './testing/tastes.ts';

let search: OpenSearch;
beforeAll(async () => {
  search = await openSearch();
});
afterAll(async () => search[Symbol.asyncDispose]());

describe('what is offered', () => {
  it('is no track of less than a second, by a wave, a radio or a list; it is found', async () => {
    const lengths = [50, 999, 1_000, 200_000, null];
    const tracks = lengths.map((durationMs, n) =>
      aTrack({ title: `Click ${durationMs}`, durationMs, vector: [1, 0.1 * n, 0, 0], genres: ['noise'] }),
    );
    for (const track of tracks) await search.bus.publish(trackUpdated, track);
    await search.settle();
    const viewer = aViewer();
    const [shortest, , , longest] = tracks;
    await react(search, viewer, shortest!.trackId, 'LIKE');

    const offered = await askAs(
      search,
      viewer,
      `query ($seed: ID!) {
        myWave(first: 3) { items { track { id } } }
        radio(seed: $seed) { edges { track: node { id } } }
        newReleases { track { id } }
        onboardingPicks { track { id } }
      }`,
      { seed: longest!.trackId },
    );
    const [short, almost, justLongEnough] = tracks.map(({ trackId }) => trackId);
    const lists = [
      offered.myWave.items,
      offered.radio.edges,
      offered.newReleases,
      offered.onboardingPicks,
    ] as { track: { id: string } }[][];
    for (const list of lists) {
      const ids = list.map(({ track }) => track.id);
      expect(ids).toContain(justLongEnough);
      expect(ids.filter((id) => id === short || id === almost)).toEqual([]);
    }

    const found = await askAs(
      search,
      viewer,
      '{ search(query: "click") { tracks { edges { node { id } } } } }',
    );
    expect(found.search.tracks.edges).toHaveLength(tracks.length);
  });
});
