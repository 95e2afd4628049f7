import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { readUploadPolicy } from './domain/upload-policy.ts';
import { wav } from './testing/audio.ts';
import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aSentUpload, aTrack, CREATE_UPLOAD, sendParts } from './testing/operations.ts';

const FILE = wav();
/** Room for three files and a half. */
const QUOTA = Math.floor(FILE.length * 3.5);

const CANCEL = /* GraphQL */ `
  mutation ($input: CancelUploadInput!) {
    cancelUpload(input: $input) {
      upload {
        id
        status
        parts {
          partNumber
        }
        error {
          code
          message
        }
      }
      errors {
        code
        path
      }
    }
  }
`;
const STORAGE = /* GraphQL */ `
  query ($users: [_Any!]!) {
    _entities(representations: $users) {
      ... on User {
        storage {
          usedBytes
          limitBytes
          files
          openUploads
          openUploadsLimit
        }
      }
    }
  }
`;

let catalog: TestCatalog;

beforeAll(async () => {
  catalog = await openCatalog(readUploadPolicy({ quotaBytes: QUOTA, maxOpenUploads: 3 }));
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

type Viewer = ReturnType<typeof aViewer>;

async function create(viewer: Viewer, sizeBytes = FILE.length) {
  const input = { filename: 'a.wav', contentType: 'audio/wav', sizeBytes };
  return (await catalog.as(viewer)(CREATE_UPLOAD, { input })).data.createUpload;
}

async function cancel(viewer: Viewer, uploadId: string) {
  return (await catalog.as(viewer)(CANCEL, { input: { uploadId } })).data.cancelUpload;
}

async function storage(viewer: Viewer | null, ...users: Viewer[]) {
  const representations = users.map(({ userId }) => ({ __typename: 'User', id: userId }));
  const { data } = await catalog.as(viewer)(STORAGE, { users: representations });
  return data._entities.map((user: { storage: unknown }) => user.storage);
}

const codes = ({ errors }: { errors: { code: string }[] }) => errors.map(({ code }) => code);

describe('the quota', () => {
  it('is stated, with the other limits', async () => {
    const query = `{ uploadPolicy { quotaBytes maxOpenUploads expiresAfterSeconds maxCoverBytes maxCoverPixels
      coverContentTypes } }`;
    const { data } = await catalog.as(null)(query);
    expect(data.uploadPolicy).toMatchObject({
      quotaBytes: QUOTA,
      maxOpenUploads: 3,
      expiresAfterSeconds: 86_400,
    });
    expect(data.uploadPolicy.coverContentTypes).not.toContain('image/svg+xml');
  });

  it('counts what is on its way as it was declared, and refuses what is too much', async () => {
    const viewer = aViewer();
    await create(viewer, FILE.length * 3);
    expect(await create(viewer)).toMatchObject({
      upload: null,
      errors: [{ code: 'QUOTA_EXCEEDED', path: ['sizeBytes'] }],
    });
    expect((await create(viewer, QUOTA - FILE.length * 3)).errors).toEqual([]);
    expect(codes(await create(viewer, 1))).toEqual(['QUOTA_EXCEEDED']);
    expect((await create(aViewer())).errors).toEqual([]);
  });

  it('gives the last bytes to one of many that ask at once', async () => {
    const viewer = aViewer();
    await create(viewer, QUOTA - FILE.length);
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(viewer)));

    expect(answers.filter(({ upload }) => upload !== null)).toHaveLength(1);
    expect(answers.flatMap(codes)).toEqual(Array.from({ length: 7 }, () => 'QUOTA_EXCEEDED'));
  });

  it('lets no more be open than may be, however many ask at once, and keeps no parts of the others', async () => {
    const viewer = aViewer();
    const answers = await Promise.all(Array.from({ length: 8 }, () => create(viewer, 10)));

    expect(answers.flatMap(codes)).toEqual(Array.from({ length: 5 }, () => 'TOO_MANY_UPLOADS'));
    const open = await catalog.objects.listMultiparts(`uploads/${viewer.userId}/`);
    expect(open).toHaveLength(3);
  });

  it('is given back by what is deleted', async () => {
    const owner = await anArtist(catalog);
    const { trackId, viewer } = await aTrack(catalog, {}, owner);
    await create(viewer, QUOTA - FILE.length);
    expect(codes(await create(viewer, 1))).toEqual(['QUOTA_EXCEEDED']);

    const remove = 'mutation ($input: DeleteTrackInput!) { deleteTrack(input: $input) { deletedId } }';
    await catalog.as(viewer)(remove, { input: { trackId } });
    await catalog.settle();
    expect((await create(viewer)).errors).toEqual([]);
  });
});

describe('User.storage', () => {
  it('tells what is there and on its way, to the user and to an ADMIN alone', async () => {
    const owner = await anArtist(catalog);
    await aTrack(catalog, {}, owner);
    await create(owner.viewer, 10);
    const told = {
      usedBytes: FILE.length + 10,
      limitBytes: QUOTA,
      files: 1,
      openUploads: 1,
      openUploadsLimit: 3,
    };

    expect(await storage(owner.viewer, owner.viewer)).toEqual([told]);
    expect(await storage(aViewer(), owner.viewer)).toEqual([null]);
    expect(await storage(null, owner.viewer)).toEqual([null]);
    const none = { ...told, usedBytes: 0, files: 0, openUploads: 0 };
    expect(await storage(aViewer({ roles: ['ADMIN'] }), aViewer(), owner.viewer)).toEqual([none, told]);
  });
});

describe('cancelUpload', () => {
  it('gives up what has arrived, its bytes and its place, and may be said twice', async () => {
    const viewer = aViewer();
    const { upload } = await create(viewer);
    await sendParts(upload.parts, FILE);
    const { objectKey, multipartId } = await catalog.db.upload.findUniqueOrThrow({
      where: { id: upload.id },
    });

    for (let times = 0; times < 2; times++) {
      expect(await cancel(viewer, upload.id)).toMatchObject({
        upload: { id: upload.id, status: 'REJECTED', parts: [], error: { code: 'CANCELLED' } },
        errors: [],
      });
    }
    await expect(catalog.objects.listParts(objectKey, multipartId)).rejects.toThrow(/no upload/);
    expect(await storage(viewer, viewer)).toMatchObject([{ usedBytes: 0, openUploads: 0 }]);
  });

  it('is for its owner alone, and not for what is complete', async () => {
    const { viewer, uploadId } = await aTrack(catalog);
    expect(codes(await cancel(viewer, uploadId))).toEqual(['ALREADY_COMPLETED']);

    const open = await aSentUpload(catalog, viewer);
    expect(codes(await cancel(aViewer(), open.uploadId))).toEqual(['NOT_FOUND']);
    expect(codes(await cancel(viewer, 'upl_none'))).toEqual(['NOT_FOUND']);
  });

  it('leaves either a track or nothing where it meets completeUpload', async () => {
    const owner = await anArtist(catalog);
    for (let round = 0; round < 25; round++) {
      const { uploadId, parts } = await aSentUpload(catalog, owner.viewer);
      const complete = `mutation ($input: CompleteUploadInput!) {
        completeUpload(input: $input) { track { id } errors { code } } }`;
      const input = { uploadId, parts, artistId: owner.artistId };
      const [{ data }, cancelled] = await Promise.all([
        catalog.as(owner.viewer)(complete, { input }),
        cancel(owner.viewer, uploadId),
      ]);
      await catalog.settle();
      const { status, trackId } = await catalog.db.upload.findUniqueOrThrow({ where: { id: uploadId } });
      expect([status, data.completeUpload.track !== null]).toEqual(
        trackId === null ? ['REJECTED', false] : ['COMPLETED', true],
      );
      expect(codes(cancelled)).toEqual(trackId === null ? [] : ['ALREADY_COMPLETED']);
      if (trackId === null) continue;
      const remove = 'mutation ($input: DeleteTrackInput!) { deleteTrack(input: $input) { deletedId } }';
      await catalog.as(owner.viewer)(remove, { input: { trackId } });
      await catalog.settle();
    }
  });
});
