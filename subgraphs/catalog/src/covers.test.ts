import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  albumDeleted,
  AlbumId,
  artistUpdated,
  collectionAsked,
  coverChanged,
  coverMade,
  coverOrdered,
  type DataOf,
  newId,
  trackUpdated,
} from '@volna/events';
import type { Viewer } from '@volna/platform/identity';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { readUploadPolicy } from './domain/upload-policy.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aTrack, sendParts } from './testing/operations.ts';
import { aReadyTrack } from './testing/stages.ts';
import { aWorker } from './testing/worker.ts';

const CREATE = /* GraphQL */ `
  mutation ($input: CreateCoverUploadInput!) {
    createCoverUpload(input: $input) {
      upload {
        id
        status
        purpose
        parts {
          partNumber
          url
          method
          sizeBytes
          headers {
            name
            value
          }
        }
      }
      errors {
        code
        path
      }
    }
  }
`;
const COMPLETE = /* GraphQL */ `
  mutation ($input: CompleteCoverUploadInput!) {
    completeCoverUpload(input: $input) {
      upload {
        id
        status
        error {
          code
        }
      }
      errors {
        code
        path
      }
    }
  }
`;
const REMOVE = /* GraphQL */ `
  mutation ($input: RemoveCoverInput!) {
    removeCover(input: $input) {
      removedId
      errors {
        code
        path
      }
    }
  }
`;
const PROGRESS = 'subscription ($id: ID!) { uploadProgress(uploadId: $id) { status error { code } } }';
/** A PNG by its signature; nobody draws it here. */
const PNG = Buffer.concat([Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), Buffer.alloc(400)]);
const LOOK = { color: '#3366cc', blurhash: 'U7Bfh|j[fQj[j[fQfQfQfQfQfQfQ' };

let catalog: TestCatalog;
let worker: ReturnType<typeof aWorker>;
/** Albums and playlists as albums would tell of them. */
const collections = new Map<string, { ownerId: Viewer['userId']; editors: Set<string> }>();
let answering: AsyncDisposable;

beforeAll(async () => {
  catalog = await openCatalog(readUploadPolicy({ maxCoverBytes: 10_000, maxCoverPixels: 1_000_000 }));
  worker = aWorker(catalog);
  answering = await catalog.bus.answer(collectionAsked, 'albums', async ({ id, viewerId, isAdmin }) => {
    const found = collections.get(id);
    if (!found) return { collection: null };
    const { ownerId, editors } = found;
    const mayEdit = isAdmin || viewerId === ownerId || editors.has(viewerId ?? '');
    return { collection: { ownerId, title: 'One', mayEdit } };
  });
});
afterAll(async () => {
  await answering[Symbol.asyncDispose]();
  await catalog[Symbol.asyncDispose]();
});

async function create(viewer: Viewer, targetId: string, more: object = {}) {
  const input = { targetId, contentType: 'image/png', sizeBytes: PNG.length, ...more };
  return (await catalog.as(viewer)(CREATE, { input })).data.createCoverUpload;
}

async function complete(viewer: Viewer, uploadId: string, parts: object[]) {
  const { data } = await catalog.as(viewer)(COMPLETE, { input: { uploadId, parts } });
  await catalog.settle();
  return data.completeCoverUpload;
}

async function remove(viewer: Viewer, targetId: string) {
  const { data } = await catalog.as(viewer)(REMOVE, { input: { targetId } });
  await catalog.settle();
  return data.removeCover;
}

/** An upload of a picture that a worker has begun with. */
async function aBegunCover(viewer: Viewer, targetId: string) {
  const { upload } = await create(viewer, targetId);
  const parts = await sendParts(upload.parts, PNG);
  expect(await complete(viewer, upload.id, parts)).toMatchObject({
    upload: { status: 'FETCHING' },
    errors: [],
  });
  const order = catalog.recorder.of(coverOrdered).at(-1);
  if (!order) throw new Error('nothing was ordered');
  await worker.claim(order);
  return { uploadId: upload.id as string, parts, order };
}

async function made({ jobId, attempt, outputPrefix }: DataOf<typeof coverOrdered>) {
  const images = (['SMALL', 'LARGE'] as const).map((size, at) => ({
    size,
    key: `${outputPrefix}/cover-${at}.webp`,
    width: 64,
    height: 64,
    ...LOOK,
  }));
  for (const { key } of images) await catalog.objects.put(key, Buffer.from('picture'));
  await catalog.bus.publish(coverMade, { jobId, attempt, images });
  await catalog.settle();
  return images;
}

async function aCover(viewer: Viewer, targetId: string) {
  const begun = await aBegunCover(viewer, targetId);
  return { ...begun, images: await made(begun.order) };
}

async function aCollection(owner = aViewer()) {
  const id = AlbumId.parse(newId('Album'));
  collections.set(id, { ownerId: owner.userId, editors: new Set() });
  return { id, owner };
}

const codes = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);
const row = (id: string) => catalog.db.upload.findUnique({ where: { id } });
const missing = async (keys: readonly string[]) => {
  const heads = await Promise.all(keys.map((key) => catalog.objects.head(key)));
  return heads.every((head) => head === null);
};

describe('createCoverUpload', () => {
  it.each([
    ['nothing', { sizeBytes: 0 }, 'EMPTY_FILE'],
    ['too many bytes', { sizeBytes: 10_001 }, 'FILE_TOO_LARGE'],
    ['half a byte', { sizeBytes: 1.5 }, 'BAD_USER_INPUT'],
    ['SVG', { contentType: 'image/svg+xml' }, 'UNSUPPORTED_TYPE'],
    ['a sound', { contentType: 'audio/mpeg' }, 'UNSUPPORTED_TYPE'],
  ])('refuses %s', async (_what, input, code) => {
    const { viewer, artistId } = await anArtist(catalog);
    expect(codes(await create(viewer, artistId, input))).toEqual([code]);
  });

  it('takes pictures of what the caller may change, and knows of nothing else', async () => {
    const { viewer, artistId, trackId } = await aTrack(catalog);
    const { id: albumId, owner } = await aCollection();
    for (const id of [artistId, trackId]) {
      expect(codes(await create(viewer, id))).toEqual([]);
      expect(codes(await create(aViewer(), id))).toEqual(['NOT_FOUND']);
      expect(codes(await create(aViewer({ roles: ['ADMIN'] }), id))).toEqual([]);
    }
    expect(codes(await create(owner, albumId))).toEqual([]);
    expect(codes(await create(viewer, albumId))).toEqual(['NOT_FOUND']);
    for (const id of [newId('Album'), newId('Playlist'), newId('User'), 'nonsense']) {
      expect(codes(await create(owner, id))).toEqual(['NOT_FOUND']);
    }
  });
});

describe('a picture of a track', () => {
  it('is ordered, made, shown with its look and told of; what it came as is thrown away', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    const { uploadId, parts, order } = await aBegunCover(viewer, trackId);
    expect(order).toMatchObject({ maxPixels: 1_000_000 });
    const stream = catalog.subscribeAs(viewer, PROGRESS, { id: uploadId });
    expect((await stream.next()).value.data.uploadProgress).toEqual({ status: 'FETCHING', error: null });

    const images = await made(order);
    expect((await stream.next()).value.data.uploadProgress).toEqual({ status: 'COMPLETED', error: null });
    const query = 'query ($id: ID!) { track(id: $id) { cover(size: SMALL) { url width color blurhash } } }';
    const { data } = await catalog.as(viewer)(query, { id: trackId });
    expect(data.track.cover).toMatchObject({ width: 64, ...LOOK });
    expect(await (await fetch(data.track.cover.url)).text()).toBe('picture');
    expect(catalog.recorder.of(trackUpdated, { trackId }).at(-1)?.cover).toEqual(images);
    expect(await missing([order.originalKey])).toBe(true);
    // again: nothing more is ordered
    const orders = catalog.recorder.of(coverOrdered).length;
    expect(await complete(viewer, uploadId, parts)).toMatchObject({ upload: { status: 'COMPLETED' } });
    expect(catalog.recorder.of(coverOrdered)).toHaveLength(orders);
  });

  it('takes the place of the one before, whose objects go', async () => {
    const { viewer, trackId } = await aReadyTrack(catalog);
    const { cover } = await catalog.db.track.findUniqueOrThrow({ where: { id: trackId } });
    const [tag] = cover as { key: string }[];
    await catalog.objects.put(tag?.key ?? '', Buffer.from('of the tags'));

    const first = await aCover(viewer, trackId);
    expect(await missing([tag?.key ?? ''])).toBe(true);
    const second = await aCover(viewer, trackId);
    expect(await missing(first.images.map(({ key }) => key))).toBe(true);
    expect(await row(first.uploadId)).toBeNull();
    expect(await missing(second.images.map(({ key }) => key))).toBe(false);
  });

  it('is not overruled by the picture of the file, nor is that there is none', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    const order = worker.transcodeOrder(trackId);
    await worker.claim(order);
    const { images } = await aCover(viewer, trackId);
    await worker.transcoded(order);
    const track = () => catalog.db.track.findUniqueOrThrow({ where: { id: trackId } });
    expect((await track()).cover).toEqual(images);

    expect(await remove(viewer, trackId)).toEqual({ removedId: trackId, errors: [] });
    expect(await track()).toMatchObject({ cover: [], coverGiven: true });
    expect(await missing(images.map(({ key }) => key))).toBe(true);
    expect(await remove(viewer, trackId)).toEqual({ removedId: trackId, errors: [] });
    expect(codes(await remove(aViewer(), trackId))).toEqual(['NOT_FOUND']);
  });

  it('goes with its track', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    const { uploadId, images } = await aCover(viewer, trackId);
    const late = await aBegunCover(viewer, trackId);
    const text = 'mutation ($input: DeleteTrackInput!) { deleteTrack(input: $input) { deletedId } }';
    await catalog.as(viewer)(text, { input: { trackId } });
    await catalog.settle();
    expect(await row(uploadId)).toBeNull();
    expect(await missing(images.map(({ key }) => key))).toBe(true);

    const drawn = await made(late.order);
    expect(await row(late.uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'NOT_FOUND' });
    expect(await missing(drawn.map(({ key }) => key))).toBe(true);
  });

  it('is refused with the reason of its worker', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    const { uploadId, order } = await aBegunCover(viewer, trackId);
    await worker.failed(order, 'PICTURE_TOO_LARGE', false);
    expect(await row(uploadId)).toMatchObject({ status: 'REJECTED', refusalCode: 'PICTURE_TOO_LARGE' });
    expect(await missing([order.originalKey])).toBe(true);
  });

  it('is refused where its bytes are something else', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    const { upload } = await create(viewer, trackId, { contentType: 'image/jpeg' });
    const parts = await sendParts(upload.parts, PNG);
    expect(codes(await complete(viewer, upload.id, parts))).toEqual(['UNSUPPORTED_TYPE']);
  });

  it('ends as the later of two that are made at once, and leaves nothing of the other', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    const all = [await aBegunCover(viewer, trackId), await aBegunCover(viewer, trackId)];
    const drawn = await Promise.all(all.map(({ order }) => made(order)));
    const { cover } = await catalog.db.track.findUniqueOrThrow({ where: { id: trackId } });
    const kept = drawn.findIndex((images) => images[0]?.key === (cover as { key: string }[])[0]?.key);

    expect(await missing((drawn[kept] ?? []).map(({ key }) => key))).toBe(false);
    expect(await missing((drawn[1 - kept] ?? []).map(({ key }) => key))).toBe(true);
    expect(await catalog.db.upload.count({ where: { targetId: trackId } })).toBe(1);
  });
});

describe('a picture of an artist page', () => {
  it('is shown and told of', async () => {
    const { viewer, artistId } = await anArtist(catalog);
    const { images } = await aCover(viewer, artistId);
    const query = 'query ($id: ID!) { artist(id: $id) { picture(size: LARGE) { width color blurhash } } }';
    const { data } = await catalog.as(viewer)(query, { id: artistId });
    expect(data.artist.picture).toEqual({ width: 64, ...LOOK });
    expect(catalog.recorder.of(artistUpdated, { artistId }).at(-1)?.picture).toEqual(images);

    await remove(viewer, artistId);
    expect(catalog.recorder.of(artistUpdated, { artistId }).at(-1)?.picture).toEqual([]);
  });
});

describe('a picture of an album or a playlist', () => {
  it('is told of to albums, in the name of the owner whoever sent it', async () => {
    const { id: targetId, owner } = await aCollection();
    const editor = aViewer();
    collections.get(targetId)?.editors.add(editor.userId);
    const { uploadId, images } = await aCover(editor, targetId);

    expect(catalog.recorder.of(coverChanged, { targetId })).toMatchObject([
      { ownerId: owner.userId, images },
    ]);
    // it goes with its owner from now on, not with who sent it
    expect(await row(uploadId)).toMatchObject({ ownerId: owner.userId, status: 'COMPLETED', intent: {} });
    await remove(owner, targetId);
    expect(catalog.recorder.of(coverChanged, { targetId }).at(-1)).toMatchObject({ images: [] });
    expect(await missing(images.map(({ key }) => key))).toBe(true);
  });

  it('goes with the album', async () => {
    const { id: targetId, owner } = await aCollection();
    const { uploadId, images } = await aCover(owner, targetId);
    await catalog.bus.publish(albumDeleted, { albumId: targetId, ownerId: owner.userId });
    await catalog.settle();
    expect(await row(uploadId)).toBeNull();
    expect(await missing(images.map(({ key }) => key))).toBe(true);
  });
});
