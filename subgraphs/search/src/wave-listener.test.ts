import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  explicitContentSet,
  newId,
  PlaylistId,
  playlistTracksAdded,
  privateListeningSet,
  TrackId,
  trackUpdated,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { finish, react } from './testing/listening.ts';
import { aTrack, openSearch, type OpenSearch } from './testing/open-search.ts';

const START = `mutation {
  startWave(input: { exploration: 0 }) { wave { id items { track { id } reason { text }
    decision { passed } } } }
}`;
const FEEDBACK =
  'mutation ($input: WaveFeedbackInput!) { waveFeedback(input: $input) { errors { code path } } }';
const PREVIEW = '{ myWave(first: 10) { items { track { id } } } }';
const ANCHORS = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on User {
  taste { anchors { track { id } source } } } } }`;

describe('what a wave knows of its listener', () => {
  let search: OpenSearch;
  let ids: string[];

  beforeAll(async () => {
    search = await openSearch();
    const library = Array.from({ length: 12 }, (_, n) =>
      aTrack({ title: `Track ${n}`, vector: [1, 0.05 * n, 0, 0], explicit: n % 2 === 1 }),
    );
    for (const track of library) await search.bus.publish(trackUpdated, track);
    await search.settle();
    ids = library.map(({ trackId }) => trackId);
  });

  afterAll(() => search[Symbol.asyncDispose]());

  async function ask(viewer: Viewer, query: string, variables = {}, acceptLanguage?: string) {
    const caller = { ...aCaller(viewer), ...(acceptLanguage !== undefined && { acceptLanguage }) };
    const { data, errors } = await search.subgraph.execute({ query, variables }, caller);
    expect(errors).toBeUndefined();
    return JSON.parse(JSON.stringify(data));
  }

  async function add(viewer: Viewer, ...places: number[]): Promise<void> {
    await search.bus.publish(playlistTracksAdded, {
      playlistId: PlaylistId.parse(newId('Playlist')),
      userId: viewer.userId,
      trackIds: places.map((n) => TrackId.parse(ids[n])),
      at: new Date().toISOString(),
    });
    await search.settle();
  }

  const anchorsOf = async (viewer: Viewer): Promise<[number, string][]> => {
    const { _entities } = await ask(viewer, ANCHORS, { of: [{ __typename: 'User', id: viewer.userId }] });
    return _entities[0].taste.anchors.map((anchor: { track: { id: string }; source: string }) => [
      ids.indexOf(anchor.track.id),
      anchor.source,
    ]);
  };

  const start = async (viewer: Viewer, acceptLanguage?: string) =>
    (await ask(viewer, START, {}, acceptLanguage)).startWave.wave;

  it('is measured from what they put on a playlist, but for what they dislike', async () => {
    const alice = aViewer();
    await finish(search, alice, ids[1]!);
    await react(search, alice, ids[2]!, 'LIKE');
    await react(search, alice, ids[3]!, 'DISLIKE');
    await add(alice, 0, 0, 1, 2, 3);
    expect((await anchorsOf(alice)).toSorted(([a], [b]) => a - b)).toEqual([
      [0, 'ADDED'],
      [1, 'ADDED'],
      [2, 'LIKED'],
    ]);
    const kept = await search.db.tasteSignal.findMany({ where: { userId: alice.userId, kind: 'ADDED' } });
    expect(kept).toHaveLength(4);
  });

  it('says so, in the language that they read', async () => {
    const bob = aViewer();
    await add(bob, 0);
    const [english] = (await start(bob)).items;
    expect(english.reason.text).toBe('Because you put “Track 0” on a playlist.');
    const [russian] = (await start(bob, 'ru-RU,ru;q=0.9,en;q=0.5')).items;
    expect(russian.reason.text).toBe('Потому что в вашем плейлисте есть «Track 0».');
  });

  it('plays nothing explicit to who wants none, from the next pick on', async () => {
    const carol = aViewer();
    await react(search, carol, ids[0]!, 'LIKE');
    const isExplicit = ({ track }: { track: { id: string } }) => ids.indexOf(track.id) % 2 === 1;
    expect((await ask(carol, PREVIEW)).myWave.items.some(isExplicit)).toBe(true);

    const say = async (isShown: boolean) => {
      await search.bus.publish(explicitContentSet, { userId: carol.userId, isShown });
      await search.settle();
    };
    await say(false);
    expect((await ask(carol, PREVIEW)).myWave.items.some(isExplicit)).toBe(false);
    const { items } = await start(carol);
    expect(items.some(isExplicit)).toBe(false);
    for (const { decision } of items) expect(decision.passed).toContain('EXPLICIT');

    await say(true);
    expect((await ask(carol, PREVIEW)).myWave.items.some(isExplicit)).toBe(true);
  });

  it('is nothing that they hear privately; the wave follows it all the same', async () => {
    const dora = aViewer();
    await react(search, dora, ids[0]!, 'LIKE');
    await search.bus.publish(privateListeningSet, { userId: dora.userId, isPrivate: true });
    await search.settle();
    const { id } = await start(dora);
    const weights = () =>
      search.db.tasteAnchor.findMany({
        where: { userId: dora.userId },
        select: { trackId: true, weight: true },
      });
    const before = await weights();
    const tell = async (seq: number, type: string) => {
      const input = { waveId: id, seq, clientEventId: `${type} ${seq}`, type, positionMs: 3_000 };
      const { waveFeedback } = await ask(dora, FEEDBACK, { input });
      expect(waveFeedback.errors).toEqual([]);
    };
    await tell(1, 'STARTED');
    await tell(1, 'FINISHED');
    await tell(2, 'SKIPPED');
    expect(await weights()).toEqual(before);
    expect(await search.db.listen.count({ where: { userId: dora.userId } })).toBe(0);
    const kinds = await search.db.tasteSignal.findMany({ where: { userId: dora.userId } });
    expect(kinds.map(({ kind }) => kind)).toEqual(['LIKED']);
    const { state, begun } = await search.db.wave.findUniqueOrThrow({ where: { id } });
    expect(state).not.toEqual(begun);
  });
});
