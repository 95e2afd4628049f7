import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { artistCreated, type DataOf, newId, trackOpennessChanged, trackUpdated } from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { anOpening } from '@volna/platform/testing/openness';
import { watchStatements } from '@volna/platform/testing/statements';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { finish, react } from './testing/listening.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';
import { plantStyles } from './testing/styles.ts';

const TASTE = `taste {
  anchors { track { id } weight isPinned source } traits { name share } artists { artist { id } share }
  sound { tempo energy valence } forgotten { track { id } forgottenAt } blockedArtists { artist { id } }
}`;
const ME = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User { ${TASTE} } } }`;
const PICKS =
  'query ($first: Int, $shown: [ID!]) { onboardingPicks(first: $first, shown: $shown) { track { id } } }';
const START = `mutation { startWave(input: { exploration: 0 }) { wave { items {
  track { id } reason { __typename ... on BecauseLiked { anchor { id } } } } } } }`;

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
const ask = async (who: Viewer | null, query: string, variables: Record<string, unknown> = {}) => {
  const { data, errors } = await asCaller(search.subgraph, who)(query, variables);
  expect(errors).toBeUndefined();
  return data;
};
const tasteOf = async (user: Viewer, who: Viewer | null = user) =>
  (await ask(who, ME, { of: [{ __typename: 'User', id: user.userId }] }))._entities[0].taste;
const anchorsOf = async (user: Viewer): Promise<string[]> =>
  (await tasteOf(user)).anchors.map(({ track }: { track: { id: string } }) => track.id);
const picks = async (variables: object, who: Viewer | null = alice): Promise<string[]> =>
  (await ask(who, PICKS, { ...variables })).onboardingPicks.map(
    ({ track }: { track: { id: string } }) => track.id,
  );

async function change(name: string, input: Record<string, unknown>, who = alice) {
  const type = name === 'startTaste' ? 'StartTaste' : name.endsWith('Artist') ? 'BlockArtist' : 'Anchor';
  const query = `mutation ($input: ${type}Input!) { ${name}(input: $input) { ${TASTE} errors { code path } } }`;
  return (await ask(who, query, { input }))[name];
}
const reactTo = (n: number, reaction: 'LIKE' | 'DISLIKE' | 'NONE', who = alice) =>
  react(search, who, idOf(n), reaction);
const finishTrack = (n: number, who = alice) => finish(search, who, idOf(n));

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
    const { items } = (await ask(alice, START)).startWave.wave;
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
    expect(await anchorsOf(alice)).toEqual([]);
  });
});

describe('a taste', () => {
  it('shows what it is made of, to nobody else', async () => {
    await reactTo(0, 'LIKE');
    await finishTrack(1);
    const taste = await tasteOf(alice);
    expect(taste.anchors).toEqual([
      { track: { id: idOf(0) }, weight: expect.any(Number), isPinned: false, source: 'LIKED' },
      { track: { id: idOf(1) }, weight: expect.any(Number), isPinned: false, source: 'FINISHED' },
    ]);
    expect(taste.anchors[0].weight).toBeGreaterThan(taste.anchors[1].weight);
    expect(taste.traits.map(({ name }: { name: string }) => name)).toEqual(['style 0', 'style 1']);
    const shares = taste.artists.map(({ share }: { share: number }) => share);
    expect(shares[0] + shares[1]).toBeCloseTo(1, 6);
    expect(taste).toMatchObject({ forgotten: [], blockedArtists: [], sound: { tempo: null } });
    for (const who of [aViewer(), aViewer({ roles: ['USER', 'ADMIN'] }), null])
      expect(await tasteOf(alice, who)).toBeNull();
  });

  it('learns nothing of what is heard privately, which is counted', async () => {
    const playsOf = async () =>
      (await search.db.indexedTrack.findUniqueOrThrow({ where: { id: idOf(20) } })).plays;
    const before = await playsOf();
    await finish(search, alice, idOf(20), { isPrivate: true });
    expect(await anchorsOf(alice)).toEqual([]);
    expect(await search.db.listen.count({ where: { userId: alice.userId } })).toBe(0);
    expect(await search.db.tasteSignal.count({ where: { userId: alice.userId } })).toBe(0);
    expect(await playsOf()).toBe(before + 1);
  });

  it('keeps what is pinned at full weight, first, whatever is said of it', async () => {
    await reactTo(0, 'LIKE');
    await reactTo(1, 'LIKE');
    const { taste } = await change('pinAnchor', { trackId: idOf(2) });
    expect(taste.anchors[0]).toMatchObject({ track: { id: idOf(2) }, isPinned: true });
    expect(taste.anchors[0].weight).toBeGreaterThanOrEqual(1);
    expect(await change('unpinAnchor', { trackId: idOf(2) })).toMatchObject({ errors: [] });
    expect(await anchorsOf(alice)).toHaveLength(2);
    expect((await change('unpinAnchor', { trackId: idOf(2) })).errors).toEqual([
      { code: 'NOT_FOUND', path: ['trackId'] },
    ]);
    expect((await change('pinAnchor', { trackId: newId('Track') })).errors[0].code).toBe('NOT_FOUND');
    await reactTo(3, 'DISLIKE');
    expect((await change('pinAnchor', { trackId: idOf(3) })).errors[0].code).toBe('BAD_USER_INPUT');
  });

  it('forgets an anchor for good, until it is restored or liked anew', async () => {
    await reactTo(0, 'LIKE');
    await reactTo(1, 'LIKE');
    const { taste } = await change('forgetAnchor', { trackId: idOf(0) });
    expect(taste.forgotten).toEqual([{ track: { id: idOf(0) }, forgottenAt: expect.any(String) }]);
    await finishTrack(0);
    expect(await anchorsOf(alice)).toEqual([idOf(1)]);
    const { items } = (await ask(alice, START)).startWave.wave;
    for (const { reason } of items) expect(reason.anchor?.id).not.toBe(idOf(0));

    await change('restoreAnchor', { trackId: idOf(0) });
    expect((await anchorsOf(alice)).toSorted()).toEqual([idOf(0), idOf(1)].toSorted());
    await change('forgetAnchor', { trackId: idOf(0) });
    await reactTo(0, 'LIKE');
    expect(await anchorsOf(alice)).toContain(idOf(0));
    expect((await change('forgetAnchor', { trackId: idOf(9) })).errors[0].code).toBe('NOT_FOUND');
    expect((await change('restoreAnchor', { trackId: idOf(9) })).errors[0].code).toBe('NOT_FOUND');
  });

  it('of a wave that is under way loses what is forgotten', async () => {
    await reactTo(0, 'LIKE');
    await reactTo(1, 'LIKE');
    await ask(alice, START);
    await change('forgetAnchor', { trackId: idOf(0) });
    const { state, begun } = await search.db.wave.findFirstOrThrow({ where: { userId: alice.userId } });
    for (const known of [state, begun]) {
      const anchors = JSON.stringify((known as { anchors: unknown }).anchors);
      expect(anchors).not.toContain(idOf(0));
      expect(anchors).toContain(idOf(1));
    }
  });

  it('leaves out what is hidden, and takes a merged track for its target', async () => {
    const [copy, target] = [
      aTrack({ title: 'Copy', vector: [0, 1, 1, 0] }),
      aTrack({ title: 'Target', vector: [0, 1, 1, 0] }),
    ];
    for (const track of [copy, target]) await search.bus.publish(trackUpdated, track);
    await search.settle();
    await change('startTaste', { trackIds: [copy.trackId] });
    const merged = { isOpen: false, reason: 'MERGED', mergedIntoId: target.trackId } as const;
    await search.bus.publish(trackOpennessChanged, anOpening(copy, merged));
    await search.settle();
    expect(await anchorsOf(alice)).toEqual([target.trackId]);
    await change('forgetAnchor', { trackId: target.trackId });
    expect(await anchorsOf(alice)).toEqual([]);
    await change('restoreAnchor', { trackId: target.trackId });
    await search.bus.publish(trackOpennessChanged, anOpening(target, { isOpen: false, reason: 'MODERATED' }));
    await search.settle();
    expect(await anchorsOf(alice)).toEqual([]);
  });

  it('is the same statements for one anchor and for many', async () => {
    await change('startTaste', { trackIds: [idOf(0)] });
    const count = async () => {
      using statements = watchStatements();
      await tasteOf(alice);
      return statements.texts.filter((text) => /taste|blocked/.test(text)).length;
    };
    const one = await count();
    await change('startTaste', { trackIds: library.slice(0, 16).map(({ trackId }) => trackId) });
    expect(await anchorsOf(alice)).toHaveLength(16);
    expect(await count()).toBe(one);
  });
});

describe('a blocked artist', () => {
  const artistId = newId('Artist');
  beforeAll(async () => {
    await search.bus.publish(artistCreated, { artistId, ownerId: newId('User'), name: 'Loud' });
    await search.settle();
  });

  it('is listed until unblocked', async () => {
    const { taste } = await change('blockArtist', { artistId });
    expect(taste.blockedArtists).toEqual([{ artist: { id: artistId } }]);
    expect((await change('blockArtist', { artistId })).errors).toEqual([]);
    expect((await change('unblockArtist', { artistId })).taste.blockedArtists).toEqual([]);
    for (const name of ['unblockArtist', 'blockArtist'])
      expect((await change(name, { artistId: newId('Artist') })).errors[0].code).toBe('NOT_FOUND');
  });

  it('leaves the queues of waves', async () => {
    const track = library[0]!;
    await search.bus.publish(artistCreated, {
      artistId: track.artistId,
      ownerId: newId('User'),
      name: 'Gone',
    });
    await reactTo(4, 'LIKE');
    await ask(alice, START);
    const where = { userId: alice.userId };
    const wave = await search.db.wave.findFirstOrThrow({ where });
    await search.db.waveItem.updateMany({
      where: { waveId: wave.id, seq: 3 },
      data: { trackId: track.trackId },
    });
    await change('blockArtist', { artistId: track.artistId });
    const items = await search.db.waveItem.findMany({ where: { waveId: wave.id }, orderBy: { seq: 'asc' } });
    const byThem = library.filter((other) => other.artistId === track.artistId).map(({ trackId }) => trackId);
    const removed = items.slice(0, 5).filter(({ state }) => state === 'REMOVED');
    expect(removed).toEqual(items.slice(0, 5).filter(({ trackId }) => byThem.includes(trackId as never)));
    expect(removed.map(({ seq }) => seq)).toContain(3);
    expect(items.slice(5).map(({ trackId }) => trackId)).not.toContain(track.trackId);
  });

  it('is none of a taste', async () => {
    await reactTo(0, 'LIKE');
    await search.db.blockedArtist.create({ data: { userId: alice.userId, artistId: library[0]!.artistId } });
    expect(await anchorsOf(alice)).toEqual([]);
  });
});

it('is refused to strangers', async () => {
  const { errors } = await asCaller(search.subgraph)(
    'mutation { pinAnchor(input: { trackId: "x" }) { errors { code } } }',
  );
  expect(errors?.[0].extensions.code).toBe('UNAUTHENTICATED');
});
