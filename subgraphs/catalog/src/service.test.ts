import { fileURLToPath } from 'node:url';

import { describe, expect, it } from '@jest/globals';
import { jobClaim, newId, transcodeOrdered } from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import { withClient } from '@volna/platform/database';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { expectSchemaInStep } from '@volna/platform/testing/schema';
import { asCaller, aViewer } from '@volna/platform/testing/subgraph-client';

import { startCatalog } from './service.ts';

const POLICY = '{ uploadPolicy { maxBytes maxSeconds partBytes extensions contentTypes } }';

/** A queued job of a clip, as if it had been ordered before. */
const QUEUED = `
  INSERT INTO upload (id, owner_id, status, filename, content_type, size_bytes, part_bytes, object_key, multipart_id, expires_at)
    VALUES ('u', 'o', 'COMPLETED', 'a.wav', 'audio/wav', 1, 8, 'k', 'm', now() + interval '1 day');
  INSERT INTO job (id, kind, announce_at, input, upload_id, enqueued_count)
    VALUES ('JOB', 'transcode', now() + interval '1 hour', '{"originalKey":"k","maxSeconds":60}', 'u', 1);`;

describe('the database of the catalog', () => {
  it('is what its Prisma schema says', async () => {
    await expectSchemaInStep(fileURLToPath(new URL('../prisma', import.meta.url)));
  });
});

describe('startCatalog', () => {
  it('migrates an empty database, serves it, and hands out again what an ended process had begun', async () => {
    await using scratch = await openScratch();
    await using database = await openTestDatabase();
    await using bus = await EmbeddedBus.open();
    const objects = await DirectoryObjects.open({
      directory: scratch.path('objects'),
      signingKey: 'a key for tests alone',
    });
    const options = { databaseUrl: database.url, bus, objects, singleProcess: true };
    const jobId = newId('Job');
    const claim = (attempt: number) => bus.request(jobClaim, { jobId, attempt, worker: 'w' });
    {
      await using catalog = await startCatalog(options);
      expect(await catalog.isReady()).toBe(true);
      const { data } = await asCaller(catalog.subgraph, aViewer())(POLICY);
      expect(data.uploadPolicy).toMatchObject({ maxBytes: 1024 ** 3, partBytes: 8 * 1024 ** 2 });
      await withClient(database.url, (client) => client.query(QUEUED.replace('JOB', jobId)));
      expect(await claim(1)).toMatchObject({ granted: true });
    }

    const ordered = Promise.withResolvers<number>();
    await bus.consume(transcodeOrdered, 'worker', async (order) => ordered.resolve(order.attempt));
    await using _catalog = await startCatalog(options);
    expect(await ordered.promise).toBe(2);
    expect(await claim(1)).toMatchObject({ granted: false });
    expect(await claim(2)).toMatchObject({ granted: true });
  });
});
