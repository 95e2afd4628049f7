import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { albumDescribed, newId, trackCreated, transcodeOrdered } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { wav } from './testing/audio.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aSentUpload, COMPLETE_UPLOAD } from './testing/operations.ts';

const alice = aViewer();
const bob = aViewer();
let catalog: TestCatalog;
let artistId: string;

beforeAll(async () => {
  catalog = await openCatalog();
  ({ artistId } = await anArtist(catalog, alice));
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

async function complete(input: object, viewer = alice) {
  const { data, errors } = await catalog.as(viewer)(COMPLETE_UPLOAD, { input: { artistId, ...input } });
  expect(errors).toBeUndefined();
  return data.completeUpload;
}

const codes = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);

describe('completeUpload', () => {
  it('makes a track and orders its transcode', async () => {
    const upload = await aSentUpload(catalog, alice);
    const albumId = newId('Album');
    const answer = await complete({ ...upload, title: ' Noon ', genre: 'Ambient', year: 2020, albumId });
    await catalog.settle();

    expect(answer).toEqual({
      upload: { id: upload.uploadId, status: 'COMPLETED' },
      track: {
        id: expect.any(String),
        title: 'Noon',
        status: 'PROCESSING',
        year: 2020,
        genres: [{ name: 'Ambient', confidence: 1, source: 'USER' }],
      },
      errors: [],
    });
    const trackId = answer.track.id;
    expect(catalog.recorder.of(trackCreated, { trackId })).toEqual([
      { trackId, artistId, ownerId: alice.userId, title: 'Noon', albumId },
    ]);
    const [order] = catalog.recorder.of(transcodeOrdered, { trackId });
    expect(order).toMatchObject({ attempt: 1, outputPrefix: `tracks/${trackId}/${order?.jobId}-1` });
    expect(await catalog.objects.head(order?.originalKey ?? '')).toMatchObject({ sizeBytes: wav().length });
  });

  it('gives the same track a second time, and at the same time', async () => {
    const upload = await aSentUpload(catalog, alice);
    const answers = await Promise.all([complete(upload), complete(upload)]);
    answers.push(await complete(upload));
    await catalog.settle();

    const ids = new Set(answers.map(({ track }) => track.id));
    expect(ids.size).toBe(1);
    expect(catalog.recorder.of(transcodeOrdered, { trackId: [...ids][0] })).toHaveLength(1);
  });

  it('names a track after its file', async () => {
    const upload = await aSentUpload(catalog, alice, wav(), { filename: '07 - Night_Drive.wav' });

    expect((await complete(upload)).track.title).toBe('Night Drive');
  });

  it('takes up a file that was joined before the row was written', async () => {
    const upload = await aSentUpload(catalog, alice);
    const row = await catalog.db.upload.findUniqueOrThrow({ where: { id: upload.uploadId } });
    await catalog.objects.completeMultipart(row.objectKey, row.multipartId, upload.parts);

    expect((await complete(upload)).track.status).toBe('PROCESSING');
  });

  it('knows no upload of somebody else', async () => {
    const upload = await aSentUpload(catalog, alice);
    const own = await anArtist(catalog, bob);

    expect(codes(await complete({ ...upload, artistId: own.artistId }, bob))).toEqual(['NOT_FOUND']);
    expect(codes(await complete({ ...upload, uploadId: newId('Upload') }))).toEqual(['NOT_FOUND']);
    expect(codes(await complete({ ...upload, uploadId: '\u0000' }))).toEqual(['NOT_FOUND']);
  });

  it("publishes under no artist and on no album of somebody else's", async () => {
    const upload = await aSentUpload(catalog, alice);
    const foreign = await anArtist(catalog, bob);
    const albumId = newId('Album');
    const album = { albumId, artistId: foreign.artistId, ownerId: bob.userId, title: 'Far', year: null };
    await catalog.bus.publish(albumDescribed, album);
    await catalog.settle();

    expect(codes(await complete({ ...upload, artistId: foreign.artistId }))).toEqual(['FORBIDDEN']);
    expect(codes(await complete({ ...upload, artistId: newId('Artist') }))).toEqual(['NOT_FOUND']);
    expect(codes(await complete({ ...upload, albumId }))).toEqual(['FORBIDDEN']);
    expect(codes(await complete(upload))).toEqual([]);
  });

  it('names each wrong field', async () => {
    const upload = await aSentUpload(catalog, alice);
    const answer = await complete({ ...upload, title: '', year: 3, genre: 'a\u0007b', albumId: 'x' });

    expect(new Set(codes(answer))).toEqual(new Set(['BAD_USER_INPUT']));
    const paths = answer.errors.map(({ path }: { path: string[] }) => path.join('.'));
    expect(paths.toSorted()).toEqual(['albumId', 'genre', 'title', 'year']);
  });

  it('lets wrong parts be sent again', async () => {
    const upload = await aSentUpload(catalog, alice);
    const wrong = [{ partNumber: 1, etag: '"0123456789abcdef0123456789abcdef"' }];

    expect(codes(await complete({ ...upload, parts: wrong }))).toEqual(['INVALID_PART']);
    expect(codes(await complete({ ...upload, parts: [] }))).toEqual(['INVALID_PART']);
    expect(codes(await complete({ ...upload, parts: [...upload.parts, ...upload.parts] }))).toEqual([
      'INVALID_PART',
    ]);
    expect(codes(await complete(upload))).toEqual([]);
  });

  it.each([
    ['a playlist', '#EXTM3U\n#EXTINF:10,\nfile:///etc/passwd\n', 'a.mp3', 'audio/mpeg'],
    ['a concat script', "ffconcat version 1.0\nfile 'secret.wav'\n", 'a.flac', 'audio/flac'],
    ['a web page', '<!doctype html><script>alert(1)</script>', 'a.ogg', 'application/octet-stream'],
    ['another type than declared', wav(), 'a.mp3', 'audio/mpeg'],
  ])('refuses %s and removes it', async (_what, bytes, filename, contentType) => {
    const upload = await aSentUpload(catalog, alice, Buffer.from(bytes), { filename, contentType });
    const first = await complete(upload);
    const second = await complete(upload);

    expect(codes(first)).toEqual(['UNSUPPORTED_TYPE']);
    expect(codes(second)).toEqual(['UNSUPPORTED_TYPE']);
    const row = await catalog.db.upload.findUniqueOrThrow({ where: { id: upload.uploadId } });
    expect(row.status).toBe('REJECTED');
    expect(await catalog.objects.head(row.objectKey)).toBeNull();
  });

  it('refuses a file of another size than declared', async () => {
    const upload = await aSentUpload(catalog, alice);
    const row = await catalog.db.upload.findUniqueOrThrow({ where: { id: upload.uploadId } });
    await catalog.objects.put(row.objectKey, wav(0.2));

    expect(codes(await complete(upload))).toEqual(['SIZE_MISMATCH']);
    expect(await catalog.objects.head(row.objectKey)).toBeNull();
  });

  it('takes nothing after the upload has expired', async () => {
    const upload = await aSentUpload(catalog, alice);
    await catalog.db.upload.update({
      where: { id: upload.uploadId },
      data: { expiresAt: new Date(Date.now() - 1) },
    });

    expect(codes(await complete(upload))).toEqual(['UPLOAD_EXPIRED']);
    expect(codes(await complete(upload))).toEqual(['UPLOAD_EXPIRED']);
    const row = await catalog.db.upload.findUniqueOrThrow({ where: { id: upload.uploadId } });
    expect(row.status).toBe('EXPIRED');
    await expect(catalog.objects.listParts(row.objectKey, row.multipartId)).rejects.toThrow(/no upload/);
  });
});
