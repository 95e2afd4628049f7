import { fileURLToPath } from 'node:url';

import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openPool } from '@volna/platform/database';
import { openTestDatabase } from '@volna/platform/testing/database';

import { type Database, openDatabase } from '../database.ts';
import { chance } from '../wave/chance.ts';
import { advanceCollaborative } from './advance-collaborative.ts';
import { MIN_SUPPORT } from './count-together.ts';
import { markDue, markDueOf } from './mark-due.ts';
import { MIN_LISTENERS, readAffinities } from './read-affinities.ts';

const migrations = fileURLToPath(new URL('../../prisma/migrations/', import.meta.url));
const AT = new Date('2026-11-20T12:00:00Z');
const WEEK_LATER = new Date('2026-11-28T12:00:00Z');

const opened = new AsyncDisposableStack();
let db: Database;
let pool: ReturnType<typeof openPool>;
beforeAll(async () => {
  const { url } = opened.use(await openTestDatabase(migrations));
  pool = opened.adopt(openPool(url, { max: 1 }), (open) => open.end());
  db = opened.adopt(openDatabase(url), (open) => open.$disconnect());
});
afterAll(() => opened.disposeAsync());
beforeEach(async () => {
  await db.$executeRaw`TRUNCATE indexed_track, reaction, listen, taste_choice, collaborative_track,
    collaborative_neighbour, collaborative_due, collaborative_state`;
});

async function plant(...ids: string[]): Promise<void> {
  const facts = {
    ownerId: 'owner',
    artistId: 'artist',
    artistName: 'Somebody',
    announced: 'WORDS',
    isOpen: true,
  };
  const data = ids.map((id) => ({
    id,
    ...facts,
    title: id,
    recordingKey: id,
    createdAt: AT,
    describedAt: AT,
  }));
  await db.indexedTrack.createMany({ data });
}

async function like(userId: string, ...trackIds: string[]): Promise<void> {
  for (const trackId of trackIds) {
    const said = { userId, trackId, reaction: 'LIKE', at: AT };
    const where = { userId_trackId: { userId, trackId } };
    await db.reaction.upsert({ where, create: said, update: said });
    await markDue(db, trackId);
  }
}

async function finish(userId: string, trackId: string, finishes: number): Promise<void> {
  await db.listen.create({ data: { userId, trackId, finishes, lastAt: AT } });
  await markDue(db, trackId);
}

/** Two camps of listeners, each fond of tracks of its own and none of the other's. */
async function plantCamps(listeners: number): Promise<void> {
  await plant('a1', 'a2', 'a3', 'b1', 'b2', 'b3');
  for (let n = 0; n < listeners; n++) {
    const camp = n % 2 === 0 ? 'a' : 'b';
    await like(`user ${n}`, `${camp}1`, `${camp}2`, `${camp}3`);
  }
}

const learn = (now = AT) => advanceCollaborative({ db }, now);
const neighbours = () =>
  db.collaborativeNeighbour.findMany({ orderBy: [{ trackId: 'asc' }, { otherId: 'asc' }] });
const fondOf = async (...trackIds: string[]) =>
  readAffinities(
    db,
    trackIds.map((trackId) => ({ trackId, weight: 1 })),
  );

describe('what listeners of a track like besides', () => {
  it('is what their camp likes, with how many they are', async () => {
    await plantCamps(MIN_LISTENERS);
    await learn();
    const found = await fondOf('a1');
    expect([...found.keys()].toSorted()).toEqual(['a2', 'a3']);
    // ten listeners of both, a cosine of 1, drawn towards nothing by 10 / (10 + 5)
    expect(found.get('a2')).toMatchObject({ score: expect.closeTo(2 / 3, 6), anchorId: 'a1', support: 10 });
  });

  it('is more sure the more anchors say it, and names the loudest', async () => {
    await plantCamps(MIN_LISTENERS);
    await learn();
    const found = await readAffinities(db, [
      { trackId: 'a1', weight: 0.5 },
      { trackId: 'a2', weight: 1 },
    ]);
    expect(found.get('a3')).toMatchObject({
      score: expect.closeTo(1 - (2 / 3) * (1 / 3), 6),
      anchorId: 'a2',
    });
  });

  it('is not told while there are too few listeners', async () => {
    await plantCamps(MIN_LISTENERS - 1);
    await learn();
    expect((await fondOf('a1')).size).toBe(0);
    await like('the last one', 'a1', 'a2', 'a3');
    await learn();
    expect((await fondOf('a1')).size).toBe(2);
  });

  it('is not told of what fewer listeners have in common than would hide each of them', async () => {
    await plantCamps(MIN_LISTENERS);
    await plant('rare');
    for (let n = 0; n < MIN_SUPPORT - 1; n++) await like(`user ${2 * n}`, 'rare');
    await learn();
    expect((await fondOf('a1', 'a2', 'a3', 'rare')).has('rare')).toBe(false);
    expect(
      await db.collaborativeNeighbour.count({ where: { OR: [{ trackId: 'rare' }, { otherId: 'rare' }] } }),
    ).toBe(0);
    expect(await db.collaborativeTrack.count({ where: { trackId: 'rare' } })).toBe(0);
    await like(`user ${2 * MIN_SUPPORT}`, 'rare');
    await learn();
    expect((await fondOf('a1')).get('rare')).toMatchObject({ support: MIN_SUPPORT });
  });

  it('weighs what was heard to the end less than what is liked, the more often the more', async () => {
    await plantCamps(MIN_LISTENERS);
    await plant('once', 'often');
    for (let n = 0; n < MIN_LISTENERS; n += 2) {
      await finish(`user ${n}`, 'once', 1);
      await finish(`user ${n}`, 'often', 3);
      if (n >= 10) await db.listen.deleteMany({ where: { userId: `user ${n}` } });
    }
    await learn();
    // a cosine has no length: half of a1's listeners are fond of each, so both are as near
    const found = await fondOf('a1');
    expect(found.get('once')?.score).toBeCloseTo(found.get('often')?.score ?? 0, 6);
    const [row] = await db.collaborativeTrack.findMany({ where: { trackId: 'once' } });
    expect(row).toMatchObject({ norm: expect.closeTo(0.6 * Math.sqrt(5), 6), listeners: 5 });
  });

  it('leaves out what a listener dislikes or has forgotten, and takes a merged track for its target', async () => {
    await plantCamps(MIN_LISTENERS);
    await plant('copy');
    await db.indexedTrack.update({ where: { id: 'copy' }, data: { mergedIntoId: 'b1' } });
    for (let n = 0; n < 6; n += 2) await like(`user ${n}`, 'copy');
    await db.reaction.updateMany({
      where: { userId: 'user 0', trackId: 'a2' },
      data: { reaction: 'DISLIKE' },
    });
    await db.tasteChoice.create({ data: { userId: 'user 2', trackId: 'a2', forgottenAt: AT } });
    await markDue(db, 'a2');
    await learn();
    const found = await fondOf('a1');
    expect(found.get('a2')).toMatchObject({ support: 8 });
    expect(found.get('b1')).toMatchObject({ support: 3 });
    expect(found.has('copy')).toBe(false);
  });

  it('goes when the listeners do', async () => {
    await plantCamps(MIN_LISTENERS);
    await learn();
    for (let n = 0; n < MIN_LISTENERS - 4; n += 2) {
      await markDueOf(pool, `user ${n}`);
      await db.reaction.deleteMany({ where: { userId: `user ${n}` } });
    }
    await learn();
    expect((await neighbours()).filter(({ trackId }) => trackId.startsWith('a'))).toEqual([]);
    expect(await db.collaborativeTrack.count({ where: { trackId: { startsWith: 'a' } } })).toBe(0);
  });
});

describe('learning from events', () => {
  it('comes to the same as learning everything anew', async () => {
    const tracks = Array.from({ length: 16 }, (_, n) => `t${String(n).padStart(2, '0')}`);
    await plant(...tracks);
    for (let round = 0; round < 4; round++) {
      for (let n = 0; n < 40; n++) {
        const userId = `user ${Math.floor(chance(7, 'user', round, n) * 10)}`;
        const trackId = tracks[Math.floor(chance(7, 'track', round, n) ** 2 * tracks.length)] ?? '';
        await like(userId, trackId);
        if (chance(7, 'again', round, n) < 0.2) {
          await db.reaction.deleteMany({ where: { userId, trackId } });
          await markDue(db, trackId);
        }
      }
      await learn();
    }
    const learnt = [
      await neighbours(),
      await db.collaborativeTrack.findMany({ orderBy: { trackId: 'asc' } }),
    ];
    expect(learnt[0]?.length).toBeGreaterThan(30);
    await db.$executeRaw`TRUNCATE collaborative_track, collaborative_neighbour, collaborative_state`;
    await learn();
    expect([
      await neighbours(),
      await db.collaborativeTrack.findMany({ orderBy: { trackId: 'asc' } }),
    ]).toEqual(learnt);
  });

  it('goes over everything once a week', async () => {
    await plantCamps(MIN_LISTENERS);
    await learn();
    // a change that no event told of
    await db.reaction.deleteMany({ where: { trackId: 'a3' } });
    await learn(new Date(AT.getTime() + 60_000));
    expect((await fondOf('a1')).has('a3')).toBe(true);
    await learn(WEEK_LATER);
    expect((await fondOf('a1')).has('a3')).toBe(false);
    expect(await db.collaborativeDue.count()).toBe(0);
  });
});
