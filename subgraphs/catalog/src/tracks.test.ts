import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { newId, trackDeleted, trackUpdated } from '@volna/events';
import { aViewer } from '@volna/platform/testing/subgraph-client';

import { openCatalog, type TestCatalog } from './testing/open-catalog.ts';
import { anArtist, aTrack, COMPLETE_UPLOAD, TRACK } from './testing/operations.ts';
import { aReadyTrack } from './testing/stages.ts';
import { aWorker } from './testing/worker.ts';

let catalog: TestCatalog;
let worker: ReturnType<typeof aWorker>;
const stranger = aViewer();
const admin = aViewer({ roles: ['USER', 'ADMIN'] });

beforeAll(async () => {
  catalog = await openCatalog();
  worker = aWorker(catalog);
});
afterAll(async () => {
  await catalog[Symbol.asyncDispose]();
});

const UPDATE = /* GraphQL */ `
  mutation ($input: UpdateTrackInput!) {
    updateTrack(input: $input) {
      track {
        title
        year
        tags
        genres {
          name
          source
        }
      }
      errors {
        code
        path
      }
    }
  }
`;
const DELETE = /* GraphQL */ `
  mutation ($input: DeleteTrackInput!) {
    deleteTrack(input: $input) {
      deletedId
      errors {
        code
      }
    }
  }
`;
const ENTITIES = /* GraphQL */ `
  query ($representations: [_Any!]!) {
    _entities(representations: $representations) {
      ... on Track {
        id
        title
      }
      ... on Artist {
        id
        name
        tracks(first: 5) {
          edges {
            node {
              id
            }
          }
        }
      }
      ... on User {
        id
        artists {
          id
        }
      }
      ... on Upload {
        id
        status
      }
    }
  }
`;

describe('a track', () => {
  it('is seen by its owner alone until it is ready', async () => {
    const { viewer, artistId, trackId } = await aTrack(catalog);
    const list = 'query ($filter: TrackFilter) { tracks(filter: $filter) { edges { node { id } } } }';
    const ofArtist = 'query ($id: ID!) { artist(id: $id) { tracks { edges { node { id } } } } }';
    const representations = [{ __typename: 'Track', id: trackId }];

    for (const [who, isSeen] of [
      [viewer, true],
      [admin, true],
      [stranger, false],
      [null, false],
    ] as const) {
      const ask = catalog.as(who);
      const edges = isSeen ? [{ node: { id: trackId } }] : [];
      expect((await ask(TRACK, { id: trackId })).data.track?.id).toBe(isSeen ? trackId : undefined);
      expect((await ask(list, { filter: { artistId } })).data.tracks.edges).toEqual(edges);
      expect((await ask(ofArtist, { id: artistId })).data.artist.tracks.edges).toEqual(edges);
      const { data } = await ask(ENTITIES, { representations });
      expect(data._entities).toEqual([isSeen ? { id: trackId, title: 'Night Drive' } : null]);
    }
  });

  it('is found by its id and by its node key, beside what is not there', async () => {
    const { viewer, trackId, artistId, uploadId } = await aReadyTrack(catalog);
    const representations = [
      { __typename: 'Track', id: trackId },
      { __typename: 'Track', nodeKey: trackId },
      { __typename: 'Track', id: newId('Track') },
      { __typename: 'Track', id: 'nonsense\u0000' },
      { __typename: 'Artist', nodeKey: artistId },
      { __typename: 'User', id: viewer.userId },
      { __typename: 'Upload', nodeKey: uploadId },
    ];
    const track = { id: trackId, title: 'Tag Title' };
    const found = await catalog.as(null)(ENTITIES, { representations });

    expect(found.errors).toBeUndefined();
    expect(found.data._entities).toEqual([
      track,
      track,
      null,
      null,
      { id: artistId, name: 'Polar Tide', tracks: { edges: [{ node: { id: trackId } }] } },
      { id: viewer.userId, artists: [{ id: artistId }] },
      null,
    ]);
    const own = await catalog.as(viewer)(ENTITIES, { representations: representations.slice(-1) });
    expect(own.data._entities).toEqual([{ id: uploadId, status: 'COMPLETED' }]);
  });

  it('is changed by its owner, and stated anew with its vector', async () => {
    const { viewer, trackId } = await aReadyTrack(catalog);
    const input = { trackId, title: 'Dawn', year: null, genre: 'electronic', tags: ['a', 'b', 'a'] };
    const { data } = await catalog.as(viewer)(UPDATE, { input });
    await catalog.settle();

    expect(data.updateTrack).toEqual({
      track: {
        title: 'Dawn',
        year: null,
        tags: ['a', 'b'],
        genres: [
          { name: 'Electronic', source: 'USER' },
          { name: 'Synthwave', source: 'FILE' },
          { name: 'Electronic', source: 'MODEL' },
        ],
      },
      errors: [],
    });
    const described = catalog.recorder.of(trackUpdated, { trackId }).at(-1);
    expect(described).toMatchObject({ title: 'Dawn', genres: ['Electronic', 'Synthwave'] });
    expect(described?.embedding).toMatchObject({ model: 'volna-1' });
  });

  it('is changed by nobody else', async () => {
    const { viewer, trackId } = await aReadyTrack(catalog);
    const input = { trackId, title: 'Mine' };
    for (const who of [stranger, (await anArtist(catalog)).viewer]) {
      const { data } = await catalog.as(who)(UPDATE, { input });
      expect(data.updateTrack).toEqual({ track: null, errors: [{ code: 'NOT_FOUND', path: ['trackId'] }] });
      expect((await catalog.as(who)(DELETE, { input: { trackId } })).data.deleteTrack.errors).toEqual([
        { code: 'NOT_FOUND' },
      ]);
    }
    const bad = await catalog.as(viewer)(UPDATE, { input: { trackId, title: '', tags: ['\u0007'] } });
    expect(bad.data.updateTrack.errors).toEqual([
      { code: 'BAD_USER_INPUT', path: ['title'] },
      { code: 'BAD_USER_INPUT', path: ['tags', '0'] },
    ]);
  });

  it('is gone with everything that was made of it', async () => {
    const { viewer, trackId, uploadId, artistId } = await aReadyTrack(catalog);
    const { objectKey } = await catalog.db.upload.findUniqueOrThrow({ where: { id: uploadId } });
    const { data } = await catalog.as(viewer)(DELETE, { input: { trackId } });
    await catalog.settle();

    expect(data.deleteTrack).toEqual({ deletedId: trackId, errors: [] });
    expect(catalog.recorder.of(trackDeleted, { trackId })).toEqual([{ trackId, ownerId: viewer.userId }]);
    expect(await catalog.objects.list(`tracks/${trackId}/`)).toEqual([]);
    expect(await catalog.objects.head(objectKey)).toBeNull();
    expect(await catalog.db.job.count({ where: { trackId } })).toBe(0);
    expect((await catalog.as(viewer)(TRACK, { id: trackId })).data.track).toBeNull();

    const again = { uploadId, artistId, parts: [] };
    const repeated = await catalog.as(viewer)(COMPLETE_UPLOAD, { input: again });
    expect(repeated.data.completeUpload.errors).toMatchObject([{ code: 'NOT_FOUND' }]);
  });

  it('takes with it what a worker brings too late', async () => {
    const { viewer, trackId } = await aTrack(catalog);
    const order = worker.transcodeOrder(trackId);
    await worker.claim(order);
    await catalog.as(viewer)(DELETE, { input: { trackId } });
    await catalog.settle();
    await worker.progress(order, 'TRANSCODING', 0.5);
    await worker.transcoded(order);

    expect(await catalog.objects.list(`tracks/${trackId}/`)).toEqual([]);
  });
});
