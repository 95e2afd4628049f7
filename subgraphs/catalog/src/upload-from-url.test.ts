import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type DataOf,
  fetchOrdered,
  fileFetched,
  type JobTry,
  jobUnwanted,
  trackCreated,
  transcodeOrdered,
} from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { sweepUploads } from './domain/sweep-uploads.ts';
import { readUploadPolicy } from './domain/upload-policy.ts';
import { wav } from './testing/audio.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist } from './testing/operations.ts';
import { aWorker } from './testing/worker.ts';

const CREATE = /* GraphQL */ `
  mutation ($input: CreateUploadFromUrlInput!) {
    createUploadFromUrl(input: $input) {
      upload {
        id
        status
        purpose
        filename
        sizeBytes
        receivedBytes
        parts {
          partNumber
        }
        track {
          id
        }
      }
      errors {
        code
        path
        message
      }
    }
  }
`;
const PROGRESS = /* GraphQL */ `
  subscription ($id: ID!) {
    uploadProgress(uploadId: $id) {
      status
      receivedBytes
      filename
      error {
        code
      }
      track {
        title
        genres {
          name
        }
        year
      }
    }
  }
`;
const FILE = wav();
const MAX = 1_000_000;
const URL = 'https://music.example.org/shelf/Night%20Drive.wav?signature=hush#part';

let catalog: TestCatalog;
let worker: ReturnType<typeof aWorker>;

beforeAll(async () => {
  catalog = await openCatalog(readUploadPolicy({ maxBytes: MAX, quotaBytes: 1_500_000 }));
  catalog.ports.add(443);
  worker = aWorker(catalog);
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

type Owner = Awaited<ReturnType<typeof anArtist>>;

async function create({ viewer, artistId }: Owner, more: object = {}) {
  const input = { url: URL, artistId, ...more };
  const { data } = await catalog.as(viewer)(CREATE, { input });
  await catalog.settle();
  return data.createUploadFromUrl;
}

const codes = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);
const row = (id: string) => catalog.db.upload.findUniqueOrThrow({ where: { id } });
const PAST = new Date(Date.now() - 3_600_000);

/** An upload by URL that a worker has begun with. */
async function aFetch(more: object = {}) {
  const owner = await anArtist(catalog);
  const { upload } = await create(owner, more);
  const order = catalog.recorder.of(fetchOrdered).at(-1);
  if (!order) throw new Error('nothing was ordered');
  expect(await worker.claim(order)).toMatchObject({ granted: true });
  return { ...owner, uploadId: upload.id as string, order };
}

async function arrive(
  { jobId, attempt, objectKey }: JobTry & { objectKey: string },
  file = FILE,
  more: Partial<DataOf<typeof fileFetched>> = {},
) {
  await catalog.objects.put(objectKey, file);
  const found = { bytes: file.length, filename: 'Night Drive.wav', contentType: 'audio/wav' };
  await catalog.bus.publish(fileFetched, { jobId, attempt, ...found, ...more });
  await catalog.settle();
}

describe('createUploadFromUrl', () => {
  it('orders a file, whose place is reserved, and shows it on its way', async () => {
    const owner = await anArtist(catalog);
    const { upload, errors } = await create(owner);

    expect(errors).toEqual([]);
    expect(upload).toMatchObject({
      status: 'FETCHING',
      purpose: 'AUDIO',
      filename: 'Night Drive.wav',
      sizeBytes: MAX,
      receivedBytes: 0,
      parts: [],
      track: null,
    });
    const order = catalog.recorder.of(fetchOrdered).at(-1);
    expect(order).toMatchObject({ url: URL.split('#')[0], maxBytes: MAX });
    expect(order?.objectKey).toContain(upload.id);
    // what is left of the quota is what the next one may have; the one after that gets nothing
    expect((await create(owner)).upload.sizeBytes).toBe(500_000);
    expect(codes(await create(owner))).toEqual(['QUOTA_EXCEEDED']);
  });

  it.each([
    ['ftp://music.example.org/a.wav', 'URL_NOT_ALLOWED'],
    ['https://alice:secret@music.example.org/a.wav', 'URL_NOT_ALLOWED'],
    ['https://music.example.org:8443/a.wav', 'URL_NOT_ALLOWED'],
    ['https://10.0.0.1/a.wav', 'URL_NOT_ALLOWED'],
    ['https://[::ffff:127.0.0.1]/a.wav', 'URL_NOT_ALLOWED'],
    ['nonsense', 'URL_NOT_ALLOWED'],
  ])('refuses %s', async (url, code) => {
    expect(codes(await create(await anArtist(catalog), { url }))).toEqual([code]);
  });

  it('refuses what completeUpload would refuse of the track', async () => {
    const owner = await anArtist(catalog);
    expect(codes(await create(owner, { year: 9999 }))).toEqual(['BAD_USER_INPUT']);
    expect(codes(await create({ ...owner, viewer: aViewer() }))).toEqual(['FORBIDDEN']);
    expect(codes(await create({ ...owner, artistId: 'art_none' as Owner['artistId'] }))).toEqual([
      'NOT_FOUND',
    ]);
  });

  it('is completed by nobody but the server', async () => {
    const { viewer, artistId, uploadId } = await aFetch();
    const complete = `mutation ($input: CompleteUploadInput!) {
      completeUpload(input: $input) { track { id } errors { code } } }`;
    const { data } = await catalog.as(viewer)(complete, { input: { uploadId, artistId, parts: [] } });
    expect(codes(data.completeUpload)).toEqual(['BAD_USER_INPUT']);
  });
});

describe('a file that is fetched', () => {
  it('moves, arrives and becomes a track; its URL keeps no secret', async () => {
    const { viewer, uploadId, order } = await aFetch({ title: 'Drive', genre: 'Synthwave', year: 2019 });
    const stream = catalog.subscribeAs(viewer, PROGRESS, { id: uploadId });
    const next = async () => (await stream.next()).value.data.uploadProgress;
    expect(await next()).toMatchObject({ status: 'FETCHING', receivedBytes: 0, track: null });

    await worker.progress(order, 'FETCHING', 0.25);
    expect(await next()).toMatchObject({ status: 'FETCHING', receivedBytes: MAX / 4 });
    await arrive(order);
    expect(await next()).toMatchObject({
      status: 'COMPLETED',
      receivedBytes: FILE.length,
      error: null,
      track: { title: 'Drive', year: 2019, genres: [{ name: 'Synthwave' }] },
    });
    expect((await stream.next()).done).toBe(true);

    const { trackId, sourceUrl, sizeBytes, intent } = await row(uploadId);
    expect(catalog.recorder.of(trackCreated, { trackId })).toHaveLength(1);
    expect(catalog.recorder.of(transcodeOrdered, { trackId })).toMatchObject([
      { originalKey: order.objectKey },
    ]);
    expect([sourceUrl, Number(sizeBytes), intent]).toEqual([
      'https://music.example.org/shelf/Night%20Drive.wav',
      FILE.length,
      null,
    ]);
    const job = await catalog.db.job.findUniqueOrThrow({ where: { id: order.jobId } });
    expect(JSON.stringify(job.input)).not.toContain('hush');
  });

  it('is heard of twice and taken once', async () => {
    const { uploadId, order } = await aFetch();
    await arrive(order);
    await arrive(order);
    const { trackId } = await row(uploadId);
    expect(catalog.recorder.of(trackCreated, { trackId })).toHaveLength(1);
    expect(catalog.recorder.of(transcodeOrdered, { trackId })).toHaveLength(1);
  });

  it('is called by what it is where its server is vague', async () => {
    const { uploadId, order } = await aFetch();
    await arrive(order, FILE, { filename: 'download.php', contentType: 'application/octet-stream' });
    expect(await row(uploadId)).toMatchObject({ status: 'COMPLETED', filename: 'download.php.wav' });
  });

  it.each([
    ['is no audio', Buffer.from('<html>not a song</html>'), { contentType: 'audio/wav' }],
    ['is another kind of audio than its server says', FILE, { contentType: 'audio/flac' }],
  ])('is refused where it %s', async (_what, file, more) => {
    const { uploadId, order } = await aFetch();
    await arrive(order, file, more);
    expect(await row(uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'UNSUPPORTED_TYPE' });
    expect(await catalog.objects.head(order.objectKey)).toBeNull();
  });

  it('is refused where its artist page is gone by then', async () => {
    const { uploadId, order, artistId } = await aFetch();
    await catalog.db.artist.delete({ where: { id: artistId } });
    await arrive(order);
    expect(await row(uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'NOT_FOUND' });
  });

  it('is refused with the reason of its worker, at once or after the last try', async () => {
    const refused = await aFetch();
    await worker.failed(refused.order, 'URL_NOT_ALLOWED', false);
    expect(await row(refused.uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'URL_NOT_ALLOWED' });
    const retry = 'mutation ($input: RetryJobInput!) { retryJob(input: $input) { errors { code } } }';
    const admin = catalog.as(aViewer({ roles: ['USER', 'ADMIN'] }));
    const { data } = await admin(retry, { input: { jobId: refused.order.jobId } });
    expect(data.retryJob.errors).toEqual([{ code: 'NOT_RETRYABLE' }]);

    const flaky = await aFetch();
    await worker.failed(flaky.order, 'FETCH_FAILED', true);
    expect(await row(flaky.uploadId)).toMatchObject({ status: 'FETCHING' });
    for (const attempt of [2, 3]) {
      const order = { ...flaky.order, attempt };
      expect(await worker.claim(order)).toMatchObject({ granted: true });
      await worker.failed(order, 'FETCH_FAILED', true);
    }
    expect(await row(flaky.uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'FETCH_FAILED' });
    expect((await row(flaky.uploadId)).sourceUrl).not.toContain('hush');
  });

  it('is given up by its owner, and what comes then is thrown away', async () => {
    const { viewer, uploadId, order } = await aFetch();
    const cancel =
      'mutation ($input: CancelUploadInput!) { cancelUpload(input: $input) { errors { code } } }';
    const { promise: told, resolve: tell } = Promise.withResolvers<string>();
    await using _listening = await catalog.bus.listen(jobUnwanted, ({ jobId }) => tell(jobId));
    await catalog.as(viewer)(cancel, { input: { uploadId } });
    // whoever fetches it stops
    expect(await told).toBe(order.jobId);
    await arrive(order);

    expect(await row(uploadId)).toMatchObject({
      status: 'REJECTED',
      refusalCode: 'CANCELLED',
      trackId: null,
    });
    expect(await catalog.objects.head(order.objectKey)).toBeNull();
    expect(await worker.claim(order)).toMatchObject({ granted: false });
  });

  it('is refused where nobody works on it any more, or nobody has begun in time', async () => {
    const dead = await aFetch();
    await catalog.db.job.update({ where: { id: dead.order.jobId }, data: { state: 'FAILED' } });
    await sweepUploads(catalog.deps);
    expect(await row(dead.uploadId)).toMatchObject({ status: 'FETCHING' });
    await catalog.pool.query(`UPDATE job SET updated_at = now() - interval '1 hour' WHERE id = $1`, [
      dead.order.jobId,
    ]);
    await sweepUploads(catalog.deps);
    expect(await row(dead.uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'WORKER_LOST' });

    const late = await aFetch();
    await catalog.db.upload.update({ where: { id: late.uploadId }, data: { expiresAt: PAST } });
    await sweepUploads(catalog.deps);
    expect(await row(late.uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'UPLOAD_EXPIRED' });
    expect(await worker.claim(late.order)).toMatchObject({ granted: false });
  });
});

describe('uploadProgress', () => {
  it('is for the owner alone', async () => {
    const { uploadId } = await aFetch();
    const stream = catalog.subscribeAs(aViewer(), PROGRESS, { id: uploadId });
    const { value } = await stream.next();
    expect(value.errors?.[0]?.extensions?.code).toBe('NOT_FOUND');
  });
});
