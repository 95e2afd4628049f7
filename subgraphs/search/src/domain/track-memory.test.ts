import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';

import type { Transaction } from '../database.ts';
import { openSearch, type OpenSearch } from '../testing/open-search.ts';
import { TrackMemory, VERSION } from './track-memory.ts';

let search: OpenSearch;

beforeAll(async () => {
  search = await openSearch();
});

afterAll(() => search[Symbol.asyncDispose]());

async function putTrack(title: string): Promise<string> {
  const id = newId('Track');
  const [at, announced] = [new Date(), 'WORDS'];
  const names = { title, artistName: 'Somebody', recordingKey: title };
  const ids = { id, ownerId: newId('User'), artistId: newId('Artist') };
  await search.db.indexedTrack.create({
    data: { ...ids, ...names, announced, createdAt: at, describedAt: at },
  });
  return id;
}

function read(known: TrackMemory, ...ids: string[]) {
  return search.db.$transaction(async (tx: Transaction) => {
    const rows = await tx.$queryRaw<{ id: string; version: string }[]>`
      SELECT t.id, ${VERSION} AS version FROM indexed_track t WHERE t.id = ANY (${ids}) ORDER BY t.title`;
    const found = { ids: rows.map(({ id }) => id), versions: rows.map(({ version }) => version) };
    return (await known.read(tx, found)).filter((track) => track !== undefined);
  });
}

describe('TrackMemory', () => {
  it('gives what is remembered of a row for as long as nobody has written it', async () => {
    const known = new TrackMemory();
    const [one, other] = [await putTrack('One'), await putTrack('Other')];
    const before = await read(known, one, other);
    expect(before.map(({ title }) => title)).toEqual(['One', 'Other']);

    await search.db.indexedTrack.update({ where: { id: other }, data: { title: 'Renamed' } });
    const after = await read(known, one, other);
    expect(after.map(({ title }) => title)).toEqual(['One', 'Renamed']);
    expect(after[0]).toBe(before[0]);
  });

  it('does not remember what is gone', async () => {
    const known = new TrackMemory();
    const id = await putTrack('Gone');
    await read(known, id);
    await search.db.indexedTrack.delete({ where: { id } });
    expect(await read(known, id)).toEqual([]);
  });

  it('takes back nothing of what a transaction that failed has written', async () => {
    const known = new TrackMemory();
    const id = await putTrack('Kept');
    const failed = search.db.$transaction(async (tx) => {
      await tx.indexedTrack.update({ where: { id }, data: { title: 'Never' } });
      const rows = await tx.$queryRaw<{ version: string }[]>`
        SELECT ${VERSION} AS version FROM indexed_track t WHERE t.id = ${id}`;
      const [track] = await known.read(tx, { ids: [id], versions: [rows[0]?.version ?? ''] });
      expect(track?.title).toBe('Never');
      throw new Error('on purpose');
    });
    await expect(failed).rejects.toThrow('on purpose');
    expect((await read(known, id)).map(({ title }) => title)).toEqual(['Kept']);
  });
});

async function albumsOf(id: string): Promise<string[]> {
  return (await search.db.indexedTrack.findUniqueOrThrow({ where: { id } })).albumIds;
}

describe('the albums in the row of a track', () => {
  it('are those that have it, whichever was there first', async () => {
    const [one, two] = [await putTrack('One'), await putTrack('Two')];
    await search.db.albumTracks.create({ data: { albumId: 'alb_b', trackIds: [one, two, one] } });
    await search.db.albumTracks.create({ data: { albumId: 'alb_a', trackIds: [one] } });
    expect([await albumsOf(one), await albumsOf(two)]).toEqual([['alb_a', 'alb_b'], ['alb_b']]);

    const late = newId('Track');
    await search.db.albumTracks.update({ where: { albumId: 'alb_b' }, data: { trackIds: [two, late] } });
    expect(await albumsOf(one)).toEqual(['alb_a']);
    const { id: _id, ...row } = await search.db.indexedTrack.findUniqueOrThrow({ where: { id: two } });
    const { credits: _credits, albumIds: _albums, ...data } = row;
    await search.db.indexedTrack.create({ data: { ...data, id: late } });
    expect(await albumsOf(late)).toEqual(['alb_b']);

    await search.db.albumTracks.delete({ where: { albumId: 'alb_b' } });
    expect([await albumsOf(two), await albumsOf(late)]).toEqual([[], []]);
  });
});
