import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataOf, newId, trackOpennessChanged, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { react } from './testing/listening.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';
import { anchorsOf, askAs, changeTaste, START } from './testing/tastes.ts';

const PICKS =
  'query ($first: Int, $shown: [ID!]) { onboardingPicks(first: $first, shown: $shown) { track { id } } }';

let search: OpenSearch;
let library: DataOf<typeof trackUpdated>[];
let alice: Viewer;
beforeAll(async () => {
  search = await openSearch();
  library = await plantStyles(search);
});
afterAll(async () => search[Symbol.asyncDispose]());
beforeEach(() => {
  alice = aViewer();
});

const idOf = (n: number): string => library[n]?.trackId ?? '';
const styleOf = (id: string) => library.find(({ trackId }) => trackId === id)?.genres[0];
const reactTo = (n: number, reaction: 'LIKE' | 'DISLIKE') => react(search, alice, idOf(n), reaction);
const picks = async (variables: object, who: Viewer | null = alice): Promise<string[]> =>
  (await askAs(search, who, PICKS, { ...variables })).onboardingPicks.map(
    ({ track }: { track: { id: string } }) => track.id,
  );
const change = (name: string, input: Record<string, unknown>) => changeTaste(search, alice, name, input);
const refusedPicks = async (trackIds: string[]) => (await change('startTaste', { trackIds })).errors;

describe('onboarding', () => {
  it('offers tracks of all styles, by different artists, the same each time', async () => {
    const offered = await picks({ first: 4 });
    expect(new Set(offered.map(styleOf)).size).toBe(4);
    expect(await picks({ first: 4 }, null)).toEqual(offered);
    const more = await picks({ first: 4, shown: offered });
    expect(new Set(more.map(styleOf)).size).toBe(4);
    expect(more.some((id) => offered.includes(id))).toBe(false);
  });

  it('offers as many as there are, none that is closed, explicit, disliked or by a blocked artist', async () => {
    const [explicit, closed] = [
      aTrack({ title: 'Rude', vector: [0, 0, 0, -1], explicit: true }),
      aTrack({ title: 'Draft', vector: [0, 0, -1, 0] }),
    ];
    for (const track of [explicit, closed]) await search.bus.publish(trackUpdated, track);
    await search.settle();
    await search.bus.publish(trackOpennessChanged, anOpening(closed, { isOpen: false, reason: 'DRAFT' }));
    await reactTo(4, 'DISLIKE');
    await search.db.blockedArtist.create({ data: { userId: alice.userId, artistId: library[5]!.artistId } });
    const offered = await picks({ first: 40 });
    // 32, without the disliked one and the two of the blocked artist
    expect(offered).toHaveLength(29);
    for (const id of [explicit.trackId, closed.trackId, idOf(4), idOf(5), idOf(21)])
      expect(offered).not.toContain(id);
  });

  it('of three picks makes a taste that waves begin from', async () => {
    const chosen = [idOf(0), idOf(1), idOf(2)];
    const { taste, errors } = await change('startTaste', { trackIds: [...chosen, idOf(0)] });
    expect(errors).toEqual([]);
    expect(taste.anchors.map(({ track }: { track: { id: string } }) => track.id).toSorted()).toEqual(
      chosen.toSorted(),
    );
    const { items } = (await askAs(search, alice, START)).startWave.wave;
    expect(items).toHaveLength(5);
    for (const { track, reason } of items) {
      expect(reason.__typename).toBe('BecauseLiked');
      expect(chosen).toContain(reason.anchor.id);
      expect(styleOf(track.id)).not.toBe('style 3');
    }
  });

  it('refuses picks of what is not there, and none or too many', async () => {
    expect(await refusedPicks([idOf(0), newId('Track')])).toEqual([
      { code: 'NOT_FOUND', path: ['trackIds'] },
    ]);
    for (const ids of [[], library.slice(0, 21).map(({ trackId }) => trackId)])
      expect(await refusedPicks(ids)).toEqual([{ code: 'BAD_USER_INPUT', path: ['trackIds'] }]);
    expect(await anchorsOf(search, alice)).toEqual([]);
  });
});
