import { join } from 'node:path';

import {
  artistUpdated,
  newId,
  trackCreated,
  trackOpennessChanged,
  type ArtistId,
  type UserId,
} from '@volna/events';
import { EmbeddedBus } from '@volna/platform/bus-embedded';
import type { Viewer } from '@volna/platform/identity';
import { DirectoryObjects } from '@volna/platform/objects-directory';
import { openScratch } from '@volna/platform/scratch';
import { openTestDatabase } from '@volna/platform/testing/database';
import { anOpening } from '@volna/platform/testing/openness';
import { type Answer, asCaller } from '@volna/platform/testing/subgraph-client';

import { type AnalyticsOptions, startAnalytics } from '../service.ts';

/** Analytics over a database of its own and an embedded bus, whose clock stands still: `settle` is what moves it. */
export async function openAnalytics(options: Partial<AnalyticsOptions> = {}) {
  await using opened = new AsyncDisposableStack();
  const scratch = opened.use(await openScratch());
  const database = opened.use(await openTestDatabase(join(import.meta.dirname, '../../prisma/migrations')));
  const bus = opened.use(await EmbeddedBus.open({ backOffMs: 10 }));
  const objects = await DirectoryObjects.open({
    directory: scratch.path('objects'),
    signingKey: 'k'.repeat(32),
    baseUrl: 'http://127.0.0.1:1',
  });
  const still = { rollEveryMs: 1e9, popularityEveryMs: 1e9, checkEveryMs: 1e9 };
  const service = opened.use(
    await startAnalytics({ databaseUrl: database.url, bus, objects, ...still, ...options }),
  );
  const running = opened.move();
  return {
    bus,
    service,
    objects,
    url: database.url,
    as: (viewer: Viewer | null) => asCaller(service.subgraph, viewer),
    /** Waits until all that was published is counted. */
    async settle() {
      await bus.idle();
      await service.settle();
    },
    /** An open track on the owner's page. */
    async aTrack(ownerId: UserId, artistId: ArtistId = newId('Artist'), isOpen = true) {
      const trackId = newId('Track');
      await bus.publish(trackCreated, { trackId, ownerId, artistId, title: 'Lighthouse', albumId: null });
      await bus.publish(trackOpennessChanged, anOpening({ trackId, ownerId, artistId }, { isOpen }));
      return trackId;
    },
    async aPage(ownerId: UserId) {
      const artistId = newId('Artist');
      const page = { name: 'Polar Tide', isVerified: false, isOpen: true, picture: [] };
      await bus.publish(artistUpdated, { artistId, ownerId, ...page });
      return artistId;
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

export type TestAnalytics = Awaited<ReturnType<typeof openAnalytics>>;

/** What an entity says of itself to somebody. */
export async function entity(
  ask: (query: string, variables: Record<string, unknown>) => Promise<Answer>,
  { type, id }: { readonly type: string; readonly id: string },
  fields: string,
  variables: Record<string, unknown> = {},
) {
  const given = fields.includes('$range') ? ', $range: StatsRange!' : '';
  const query = `query ($of: [_Any!]!${given}) { _entities(representations: $of) { ... on ${type} { ${fields} } } }`;
  const range = { from: new Date(Date.now() - 7 * 24 * 3_600_000).toISOString() };
  const { data, errors } = await ask(query, { of: [{ __typename: type, id }], range, ...variables });
  if (errors) throw new Error(JSON.stringify(errors));
  return data._entities[0];
}
