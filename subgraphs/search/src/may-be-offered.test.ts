import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackOpennessChanged, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
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
      `query ($seed: ID!, $other: ID!) {
        myWave(first: 3) { items { track { id } } }
        radio(seed: $seed) { edges { track: node { id } } }
        newReleases { track { id } }
        onboardingPicks { track { id } }
        alchemy(include: [$seed]) { edges { track: node { id } } }
        sonicPath(from: $seed, to: $other, length: 50) { edges { track: node { id } } }
      }`,
      { seed: longest!.trackId, other: tracks[4]!.trackId },
    );
    const [short, almost, justLongEnough] = tracks.map(({ trackId }) => trackId);
    const lists = [
      offered.myWave.items,
      offered.radio.edges,
      offered.newReleases,
      offered.onboardingPicks,
      offered.alchemy.edges,
      offered.sonicPath.edges,
    ] as { track: { id: string } }[][];
    for (const list of lists) {
      const ids = list.map(({ track }) => track.id);
      expect(ids).toContain(justLongEnough);
      expect(ids.filter((id) => id === short || id === almost)).toEqual([]);
    }

    const like = await similarTo(longest!.trackId, viewer);
    expect(like.ids).toContain(justLongEnough);
    expect(like.ids.filter((id: string) => id === short || id === almost)).toEqual([]);
    expect(await similarTo(short!, viewer)).toEqual({ ids: [], emptyBecause: 'TOO_SHORT' });

    const found = await askAs(
      search,
      viewer,
      '{ search(query: "click") { tracks { edges { node { id } } } } }',
    );
    expect(found.search.tracks.edges).toHaveLength(tracks.length);
  });

  it('is nothing silent, which says so where it would sound like something; it is found', async () => {
    const quiet = { tempo: null, key: null, energy: null, valence: null, loudnessLufs: null };
    const genres = ['hush'];
    const silent = aTrack({ title: 'Hush', vector: null, features: quiet, genres });
    const failed = aTrack({ title: 'Hush, unheard', vector: null, genres });
    const waiting = aTrack({ title: 'Hush, not yet', vector: null, durationMs: null, features: quiet });
    for (const track of [silent, failed, waiting]) await search.bus.publish(trackUpdated, track);
    await search.settle();
    const viewer = aViewer();
    await react(search, viewer, silent.trackId, 'LIKE');

    const offered = await askAs(
      search,
      viewer,
      `query ($seed: ID!) {
        myWave(first: 50) { items { track { id } } }
        radio(seed: "genre:hush") { edges { node { id } } emptyBecause }
        of: radio(seed: $seed) { edges { node { id } } emptyBecause }
        newReleases(first: 100) { track { id } }
        onboardingPicks(first: 40) { track { id } }
        search(query: "hush") { tracks { totalCount } emptyBecause }
        nothing: search(query: "qwghlm") { tracks { totalCount } emptyBecause }
        blank: search(query: " ?! ") { tracks { totalCount } emptyBecause }
      }`,
      { seed: silent.trackId },
    );
    const listed = [offered.myWave.items, offered.newReleases, offered.onboardingPicks] as {
      track: { id: string };
    }[][];
    for (const list of listed) {
      const ids = list.map(({ track }) => track.id);
      expect(ids).toContain(failed.trackId);
      expect(ids).not.toContain(silent.trackId);
    }
    expect(offered.radio).toEqual({ edges: [{ node: { id: failed.trackId } }], emptyBecause: null });
    expect(offered.of).toEqual({ edges: [], emptyBecause: 'SILENT' });
    expect(offered.search).toEqual({ tracks: { totalCount: 3 }, emptyBecause: null });
    expect([offered.nothing.emptyBecause, offered.blank.emptyBecause]).toEqual(['NO_MATCH', 'NO_WORDS']);
    expect(await similarTo(silent.trackId, viewer)).toEqual({ ids: [], emptyBecause: 'SILENT' });
    expect(await similarTo(failed.trackId, viewer)).toEqual({ ids: [], emptyBecause: 'NOT_ANALYZED' });
  });

  it('says no more of a track that the viewer may not hear than of one that is not there', async () => {
    const hidden = aTrack({ vector: null, durationMs: 200_000 });
    await search.bus.publish(trackUpdated, hidden);
    await search.settle();
    await search.bus.publish(trackOpennessChanged, anOpening(hidden, { isOpen: false, reason: 'MODERATED' }));
    await search.settle();
    for (const id of [hidden.trackId, newId('Track')])
      expect(await similarTo(id, aViewer())).toEqual({ ids: [], emptyBecause: 'NOT_ANALYZED' });
  });
});

async function similarTo(id: string, viewer: Viewer) {
  const data = await askAs(
    search,
    viewer,
    `query ($of: [_Any!]!) { _entities(representations: $of) { ... on Track {
      similar(first: 50) { edges { node { id } } emptyBecause } } } }`,
    { of: [{ __typename: 'Track', id }] },
  );
  const { edges, emptyBecause } = data._entities[0].similar;
  return { ids: edges.map(({ node }: { node: { id: string } }) => node.id), emptyBecause };
}
