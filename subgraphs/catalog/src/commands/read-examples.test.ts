import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { newId } from '@volna/events';
import { openPool } from '@volna/platform/database';
import { openTestDatabase } from '@volna/platform/testing/database';

import { openDatabase } from '../database.ts';
import { readExamples } from './read-examples.ts';

const migrations = fileURLToPath(new URL('../../prisma/migrations', import.meta.url));

describe('readExamples', () => {
  it('reads what people and files say of analysed tracks, and nothing that models say', async () => {
    await using database = await openTestDatabase(migrations);
    const pool = openPool(database.url);
    const db = openDatabase(pool);
    const [artistId, ownerId] = [newId('Artist'), newId('User')];
    await db.artist.create({ data: { id: artistId, ownerId, name: 'Polar Tide', nameKey: 'polar tide' } });
    const addTrack = async (
      n: number,
      more: object,
      genres: ('USER' | 'FILE' | 'MODEL')[],
      embedding = [n, 0],
    ) => {
      const named = { id: `trk_${n}`, artistId, ownerId, title: `Song ${n}`, titleKey: `song ${n}` };
      await db.track.create({ data: { ...named, status: 'READY', embeddingModel: 'test@1', ...more } });
      await db.trackSound.create({ data: { trackId: named.id, embedding } });
      for (const source of genres)
        await db.trackGenre.create({
          data: { trackId: named.id, source, name: `By ${source}`, nameKey: source, confidence: 1 },
        });
    };
    await addTrack(1, { tags: ['calm'], tagsGiven: true }, ['USER', 'MODEL']);
    await addTrack(2, { tags: ['dark'] }, ['FILE']);
    await addTrack(3, { tags: ['dark'] }, ['MODEL']);
    await addTrack(4, { status: 'PROCESSING' }, ['USER']);
    await addTrack(5, { embeddingModel: null }, ['USER']);
    await addTrack(6, {}, ['USER'], []);
    const known = { artistId, embeddingModel: 'test@1' };
    expect(await readExamples(database.url)).toEqual([
      { ...known, embedding: [1, 0], genres: ['By USER'], tags: ['calm'] },
      { ...known, embedding: [2, 0], genres: ['By FILE'], tags: null },
    ]);
    await db.$disconnect();
    await pool.end();
  });
});
