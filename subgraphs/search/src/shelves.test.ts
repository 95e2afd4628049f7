import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DataOf, explicitContentSet, trackOpennessChanged, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { watchStatements } from '@volna/platform/testing/statements';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { advanceCollaborative } from './collaborative/advance-collaborative.ts';
import { pruneShelves } from './shelves/prune-shelves.ts';
import { showShelves } from './shelves/show-shelves.ts';
import { react, finish } from './testing/listening.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';

type Track = DataOf<typeof trackUpdated>;
interface Item {
  readonly track: { readonly id: string };
  readonly reason: { readonly __typename: string; readonly text: string; readonly anchor?: { id: string } };
}

const ITEMS = `items(first: 100) { track { id } reason { __typename text
  ... on BecauseLiked { anchor { id } similarity sharedTraits } ... on BecauseListenersLikeYou { anchor { id } support } } }`;
const SHELVES = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
  discoverWeekly { id title expiresAt ${ITEMS} }
  becauseYouListened { id title anchor { id } ${ITEMS} }
  dailyMixes { id title ${ITEMS} } } } }`;
const DAY_MS = 86_400_000;

let search: OpenSearch;
let library: Track[];
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
const idsIn = (items: readonly Item[]): string[] => items.map(({ track }) => track.id);

async function shelvesOf(user: Viewer, who: Viewer | null = user, explicitContent = true) {
  const of = [{ __typename: 'User', id: user.userId, settings: { explicitContent } }];
  const { data, errors } = await asCaller(search.subgraph, who)(SHELVES, { of });
  expect(errors).toBeUndefined();
  return data._entities[0];
}
async function like(who: Viewer, ...numbers: number[]) {
  for (const n of numbers) await react(search, who, idOf(n), 'LIKE');
}
async function describeTrack(more: Parameters<typeof aTrack>[0]): Promise<Track> {
  const track = aTrack(more);
  await search.bus.publish(trackUpdated, track);
  await search.settle();
  return track;
}

describe('Discover Weekly', () => {
  it('is what the listener has never heard, with a reason each, the same all week', async () => {
    await like(alice, 0, 1);
    await finish(search, alice, idOf(4));
    const { discoverWeekly } = await shelvesOf(alice);
    const ids = idsIn(discoverWeekly.items);
    for (const known of [0, 1, 4]) expect(ids).not.toContain(idOf(known));
    expect(ids.length).toBeGreaterThan(10);
    expect(styleOf(ids[0] ?? '')).toMatch(/style [01]/);
    const anchors = [idOf(0), idOf(1), idOf(4)];
    for (const { reason } of discoverWeekly.items) {
      expect(reason.text).not.toBe('');
      expect(anchors).toContain(reason.anchor?.id ?? idOf(0));
    }
    expect(new Date(discoverWeekly.expiresAt).getUTCDay()).toBe(1);
    await like(alice, 2, 3);
    const again = (await shelvesOf(alice)).discoverWeekly;
    // what is liked since then is still on it: it holds for the week
    expect(again).toEqual(discoverWeekly);
  });

  it('is another one next Monday, and one again for a listener who did nothing', async () => {
    await like(alice, 0, 1, 2);
    const user = { userId: alice.userId, explicit: true, language: 'en' } as const;
    const monday = new Date(Date.UTC(2026, 10, 23, 0, 0, 1));
    const show = async (at: Date) => (await showShelves(search, user, 'DISCOVER_WEEKLY', at))[0];
    const first = await show(monday);
    const sunday = await show(new Date(monday.getTime() + 6.9 * DAY_MS));
    expect(sunday).toEqual(first);
    const next = await show(new Date(monday.getTime() + 7 * DAY_MS));
    expect(next?.id).not.toBe(first?.id);
    const [one, other] = [first, next].map((shelf) => shelf?.items.map(({ trackId }) => trackId) ?? []);
    expect(other).not.toEqual(one);
    expect(other?.length).toBeGreaterThan(0);
  });

  it('loses what is closed, disliked, or by a blocked artist at once, and what was there because of it', async () => {
    await like(alice, 0, 1);
    const before = idsIn((await shelvesOf(alice)).discoverWeekly.items);
    const anchorArtists = [library[0]?.artistId, library[1]?.artistId];
    const [hidden, disliked, blocked] = before
      .map((id) => library.find(({ trackId }) => trackId === id)!)
      .filter(({ artistId }) => !anchorArtists.includes(artistId));
    await search.bus.publish(
      trackOpennessChanged,
      anOpening(hidden!, { isOpen: false, reason: 'MODERATED' }),
    );
    await react(search, alice, disliked!.trackId, 'DISLIKE');
    await search.db.blockedArtist.create({ data: { userId: alice.userId, artistId: blocked!.artistId } });
    await search.settle();
    const after = (await shelvesOf(alice)).discoverWeekly.items as Item[];
    const gone = new Set<string>([hidden!.trackId, disliked!.trackId]);
    const expected = before.filter(
      (id) => !gone.has(id) && library.find(({ trackId }) => trackId === id)?.artistId !== blocked!.artistId,
    );
    expect(idsIn(after)).toEqual(expected);
    await search.bus.publish(trackOpennessChanged, anOpening(hidden!));
    await react(search, alice, idOf(0), 'DISLIKE');
    await search.settle();
    for (const { reason } of (await shelvesOf(alice)).discoverWeekly.items as Item[])
      expect(reason.anchor?.id).not.toBe(idOf(0));
  });

  it('has nothing explicit for who wants none', async () => {
    const rude = await describeTrack({ title: 'Rude', vector: [1, 0.01, 0, 0], explicit: true });
    await like(alice, 0);
    expect(idsIn((await shelvesOf(alice)).discoverWeekly.items)).toContain(rude.trackId);
    const { discoverWeekly, becauseYouListened, dailyMixes } = await shelvesOf(alice, alice, false);
    for (const { items } of [discoverWeekly, ...becauseYouListened, ...dailyMixes])
      expect(idsIn(items)).not.toContain(rude.trackId);
  });

  it('heeds what users have told of the listener', async () => {
    const rude = await describeTrack({ title: 'Ruder', vector: [1, 0.01, 0, 0.01], explicit: true });
    await like(alice, 0);
    await search.bus.publish(explicitContentSet, { userId: alice.userId, isShown: false });
    await search.settle();
    expect(idsIn((await shelvesOf(alice)).discoverWeekly.items)).not.toContain(rude.trackId);
  });

  it('is told in Russian to who reads that, as the other lists are', async () => {
    await like(alice, 0, 4, 8);
    const user = { userId: alice.userId, explicit: true, language: 'ru' } as const;
    const [weekly] = await showShelves(search, user, 'DISCOVER_WEEKLY');
    expect(weekly?.title).toBe('Открытия недели');
    expect(weekly?.items[0]?.grounds.text).toMatch(/«Track \d+»/u);
    const because = await showShelves(search, user, 'BECAUSE_YOU_LISTENED');
    expect(because[0]?.title).toMatch(/^Потому что вы слушали трек «Track \d+»$/u);
    const [mix] = await showShelves(search, user, 'DAILY_MIX');
    expect(mix?.title).toContain(' и другие');
  });

  it('is nobody else’s, and none without a taste', async () => {
    expect(await shelvesOf(alice)).toEqual({ discoverWeekly: null, becauseYouListened: [], dailyMixes: [] });
    await like(alice, 0);
    const nothing = { discoverWeekly: null, becauseYouListened: null, dailyMixes: null };
    for (const who of [aViewer(), aViewer({ roles: ['USER', 'ADMIN'] }), null])
      expect(await shelvesOf(alice, who)).toEqual(nothing);
  });

  it('has what listeners with the same taste like, and says so', async () => {
    const far = await describeTrack({ title: 'Far', vector: [0, 0, 0, -1] });
    const listeners = Array.from({ length: 20 }, () => aViewer());
    for (const listener of listeners) {
      for (const id of [idOf(8), idOf(12), far.trackId]) await react(search, listener, id, 'LIKE');
    }
    await search.settle();
    await advanceCollaborative(search);
    await like(alice, 8);
    const { items } = (await shelvesOf(alice)).discoverWeekly as { items: Item[] };
    expect(items.find(({ track }) => track.id === far.trackId)?.reason).toMatchObject({
      __typename: 'BecauseListenersLikeYou',
      anchor: { id: idOf(8) },
      support: 20,
      text: '20 listeners of “Track 8” play it too.',
    });
    const text = JSON.stringify(await shelvesOf(alice));
    for (const { userId } of listeners) expect(text).not.toContain(userId);
  });
});

describe('Because You Listened', () => {
  it('is a list for each of the last tracks, of what is like it, no track twice', async () => {
    for (const n of [0, 1, 2]) await finish(search, alice, idOf(n));
    const { becauseYouListened: lists } = await shelvesOf(alice);
    expect(lists.map(({ title }: { title: string }) => title)).toEqual([
      'Because you listened to “Track 2”',
      'Because you listened to “Track 1”',
      'Because you listened to “Track 0”',
    ]);
    for (const { anchor, items } of lists) {
      expect(styleOf(idsIn(items)[0] ?? '')).toBe(styleOf(anchor.id));
      expect(idsIn(items)).not.toContain(anchor.id);
    }
    const all = lists.flatMap(({ items }: { items: Item[] }) => idsIn(items));
    expect(new Set(all).size).toBe(all.length);
  });

  it('loses the list of a track that is hidden since then, and its name', async () => {
    const anchor = await describeTrack({ title: 'Secret', vector: [0, 1, 0.01, 0] });
    await finish(search, alice, anchor.trackId);
    expect(JSON.stringify(await shelvesOf(alice))).toContain('Secret');
    await search.bus.publish(trackOpennessChanged, anOpening(anchor, { isOpen: false, reason: 'MODERATED' }));
    await search.settle();
    expect(JSON.stringify(await shelvesOf(alice))).not.toContain('Secret');
  });
});

describe('Daily mixes', () => {
  it('are the sides of a taste, named by what is in them', async () => {
    await like(alice, 0, 4, 8, 2, 6, 10);
    const { dailyMixes } = await shelvesOf(alice);
    expect(dailyMixes).toHaveLength(2);
    const styles = dailyMixes.map(({ items }: { items: Item[] }) => [
      ...new Set(idsIn(items).flatMap((id) => styleOf(id) ?? [])),
    ]);
    expect(styles.toSorted()).toEqual([['style 0'], ['style 2']]);
    for (const { title, items } of dailyMixes as { title: string; items: Item[] }[]) {
      expect(title).toMatch(/^Style [02].*: Artist \d+, Artist \d+, Artist \d+/);
      expect(items.some(({ reason }) => reason.text === 'One of your favourites.')).toBe(true);
      expect(items.some(({ reason }) => reason.text.startsWith('Because you like'))).toBe(true);
      expect(new Set(idsIn(items)).size).toBe(items.length);
    }
  });

  it('are others the next day, the same until then', async () => {
    await like(alice, 0, 4, 8, 2, 6, 10);
    const user = { userId: alice.userId, explicit: true, language: 'en' } as const;
    const show = (at: number) => showShelves(search, user, 'DAILY_MIX', new Date(at));
    const noon = Date.UTC(2026, 10, 21, 12);
    const today = await show(noon);
    expect(await show(noon + 0.9 * DAY_MS)).toEqual(today);
    const tomorrow = await show(noon + DAY_MS);
    expect(tomorrow.map(({ items }) => items)).not.toEqual(today.map(({ items }) => items));
  });
});

describe('stored shelves', () => {
  it('are read in the same few statements however long they are', async () => {
    await like(alice, 0, 1, 2, 3);
    await shelvesOf(alice);
    const count = async (first: number) => {
      const query = SHELVES.replaceAll('first: 100', `first: ${first}`);
      using statements = watchStatements();
      const { errors } = await asCaller(search.subgraph, alice)(query, {
        of: [{ __typename: 'User', id: alice.userId }],
      });
      expect(errors).toBeUndefined();
      return statements.texts.filter((text) => /isRefused/.test(text)).length;
    };
    // one for the tracks of each kind, with what the listener makes of them and what their reasons name
    expect(await count(10)).toBe(3);
    expect(await count(100)).toBe(3);
  });

  it('go when nobody has looked at them for long', async () => {
    await like(alice, 0);
    await shelvesOf(alice);
    await pruneShelves(search, new Date(Date.now() + 10 * DAY_MS));
    expect(await search.db.shelf.count({ where: { userId: alice.userId } })).toBe(3);
    await pruneShelves(search, new Date(Date.now() + 30 * DAY_MS));
    expect(await search.db.shelf.count({ where: { userId: alice.userId } })).toBe(0);
  });
});
