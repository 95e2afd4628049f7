/* oxlint-disable typescript/no-explicit-any -- a test states the shape it expects when it asserts */
import { expect } from '@jest/globals';
import {
  artistCreated,
  type DataOf,
  newId,
  type TrackId,
  trackCreated,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { anOpening } from '@volna/platform/testing/openness';
import { asCaller, aViewer, subscribeAs } from '@volna/platform/testing/subgraph-client';

import { openDatabase } from '../database.ts';
import { startAlbums } from '../service.ts';

type Described = DataOf<typeof trackUpdated>;
type Facts = Partial<Omit<Described, 'trackId' | 'ownerId' | 'features'>> & {
  readonly features?: Partial<Described['features']>;
  readonly owner?: Viewer;
  readonly isPublished?: boolean;
  /** The album that its uploader named. */
  readonly albumId?: string | null;
};

const FEATURES = { tempo: null, key: null, energy: null, valence: null, loudnessLufs: null };

/** Albums over real embedded backends, with an artist, and a second connection to its database. */
export async function openAlbums() {
  await using opened = new AsyncDisposableStack();
  const scratch = opened.use(await openScratch());
  const { url } = opened.use(await openTestDatabase(`${import.meta.dirname}/../../prisma/migrations`));
  const bus = opened.use(await EmbeddedBus.open());
  const objects = opened.use(
    await DirectoryObjects.open({
      directory: scratch.path('objects'),
      signingKey: 'k'.repeat(32),
      baseUrl: 'http://127.0.0.1:1',
    }),
  );
  const db = opened.adopt(openDatabase(url), (open) => open.$disconnect());
  const { subgraph } = opened.use(await startAlbums({ databaseUrl: url, bus, objects }));
  const artist = aViewer();
  const artistId = newId('Artist');
  await bus.publish(artistCreated, { artistId, ownerId: artist.userId, name: 'Alice' });
  await bus.idle();
  const running = opened.move();

  /** What a mutation's payload holds; `fields` without the errors. */
  async function change(who: Viewer | null, name: string, input: object, fields: string): Promise<any> {
    const type = `${name === 'unfollowPlaylist' ? 'FollowPlaylist' : name[0]?.toUpperCase() + name.slice(1)}Input`;
    const { data, errors } = await asCaller(subgraph, who)(
      `mutation ($input: ${type}!) { ${name}(input: $input) { ${fields} errors { code path message } } }`,
      { input },
    );
    expect(errors).toBeUndefined();
    return data[name];
  }

  /** Likewise, and it goes well. */
  async function make(who: Viewer, name: string, input: object, fields: string): Promise<any> {
    const { errors, ...made } = await change(who, name, input, fields);
    expect(errors).toEqual([]);
    return made;
  }

  return {
    url,
    db,
    bus,
    objects,
    subgraph,
    artist,
    artistId,
    change,
    make,
    as: (viewer: Viewer | null) => asCaller(subgraph, viewer),
    /** The codes and paths of a mutation's errors. */
    async refusals(who: Viewer | null, name: string, input: object, fields: string): Promise<string[]> {
      const { errors } = await change(who, name, input, fields);
      return errors.map(({ code, path }: any) => `${code} ${(path ?? []).join('.')}`.trim());
    },
    async ask(who: Viewer | null, query: string, variables: Record<string, unknown> = {}): Promise<any> {
      const { data, errors } = await asCaller(subgraph, who)(query, variables);
      expect(errors).toBeUndefined();
      return data;
    },
    /** An entity's fields as the gateway would ask for them. */
    async entity(who: Viewer | null, __typename: string, id: string, fields: string): Promise<any> {
      const query = `query ($of: [_Any!]!) { _entities(representations: $of) { ... on ${__typename} { ${fields} } } }`;
      const { data, errors } = await asCaller(subgraph, who)(query, { of: [{ __typename, id }] });
      expect(errors).toBeUndefined();
      return data._entities[0];
    },
    watch: (who: Viewer | null, query: string, variables: Record<string, unknown>) =>
      subscribeAs(subgraph, who, query, variables),
    async aTrack({
      owner = artist,
      isPublished = true,
      albumId = null,
      features,
      ...facts
    }: Facts = {}): Promise<TrackId> {
      const trackId = newId('Track');
      const fact = { trackId, artistId, ownerId: owner.userId };
      await bus.publish(trackCreated, { ...fact, title: facts.title ?? 'Noon', albumId: albumId as never });
      await bus.publish(trackUpdated, {
        ...fact,
        artistName: 'Alice',
        title: 'Noon',
        durationMs: 60_000,
        year: null,
        genres: [],
        tags: [],
        cover: [],
        embedding: null,
        createdAt: new Date().toISOString(),
        ...facts,
        features: { ...FEATURES, ...features },
      });
      if (isPublished) await bus.publish(trackOpennessChanged, anOpening(fact));
      await bus.idle();
      return trackId;
    },
    /** Waits until everything that was done is told, and acted on. */
    async settle(): Promise<void> {
      do {
        // oxlint-disable-next-line no-await-in-loop
        await bus.idle();
      } while ((await db.outbox.count({ where: { publishedAt: null } })) > 0);
      await bus.idle();
    },
    /** So many rows of tracks, without the bus. */
    async manyTracks(count: number): Promise<TrackId[]> {
      const ids = Array.from({ length: count }, () => newId('Track'));
      await db.trackRef.createMany({
        data: ids.map((id) => ({ id, ownerId: artist.userId, isOpen: true, title: id, titleKey: id })),
      });
      return ids;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type OpenAlbums = Awaited<ReturnType<typeof openAlbums>>;
