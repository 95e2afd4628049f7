import {
  artistCreated,
  artistDeleted,
  artistTransferred,
  artistUpdated,
  operationsRun,
  playbackReported,
  privateListeningSet,
  searchesMade,
  trackCreated,
  trackDeleted,
  trackOpennessChanged,
  trackUpdated,
  userRegistered,
} from '@volna/events';
import type { Bus } from '@volna/platform/bus';

import type { Deps } from './context.ts';
import { Batcher } from './facts/batcher.ts';
import { countEvent } from './facts/count-event.ts';
import {
  noteArtist,
  noteArtistDeleted,
  noteOpenness,
  noteTrack,
  noteTrackDeleted,
} from './facts/know-catalog.ts';
import { notePrivacy } from './facts/private-listeners.ts';
import { storeOperations, storeSearches } from './facts/store-logs.ts';
import { type Play, storePlays } from './facts/store-plays.ts';

const CONSUMER = 'analytics';
/** Reports that are in hand at a time: they become the rows of one statement. */
const TOGETHER = { concurrency: 1_000 };

/** The events that analytics counts. Each handler bears repetition and any order by what it writes. */
export async function startConsumers({ pool, partitions }: Deps, bus: Bus): Promise<AsyncDisposableStack> {
  await using started = new AsyncDisposableStack();
  const plays = started.use(new Batcher<Play>((batch) => storePlays(pool, partitions, batch)));
  const consumers = [
    bus.consume(playbackReported, CONSUMER, (event, { id }) => plays.add({ id, event }), TOGETHER),
    bus.consume(searchesMade, CONSUMER, ({ searches }) => storeSearches(pool, partitions, searches)),
    bus.consume(operationsRun, CONSUMER, (batch) => storeOperations(pool, partitions, batch)),
    bus.consume(privateListeningSet, CONSUMER, (event, { occurredAt }) =>
      notePrivacy(pool, event, occurredAt),
    ),
    bus.consume(userRegistered, CONSUMER, (_event, { id, occurredAt }) =>
      countEvent(pool, 'registrations', id, occurredAt),
    ),
    bus.consume(trackCreated, CONSUMER, async (event, { id, occurredAt }) => {
      await noteTrack(pool, event, occurredAt);
      await countEvent(pool, 'uploads', id, occurredAt);
    }),
    bus.consume(trackUpdated, CONSUMER, (event, { occurredAt }) => noteTrack(pool, event, occurredAt)),
    bus.consume(trackOpennessChanged, CONSUMER, (event, { occurredAt }) =>
      noteOpenness(pool, event, occurredAt),
    ),
    bus.consume(trackDeleted, CONSUMER, (event, { occurredAt }) => noteTrackDeleted(pool, event, occurredAt)),
    bus.consume(artistCreated, CONSUMER, (event, { occurredAt }) => noteArtist(pool, event, occurredAt)),
    bus.consume(artistUpdated, CONSUMER, (event, { occurredAt }) => noteArtist(pool, event, occurredAt)),
    bus.consume(artistTransferred, CONSUMER, (event, { occurredAt }) => noteArtist(pool, event, occurredAt)),
    bus.consume(artistDeleted, CONSUMER, (event, { occurredAt }) =>
      noteArtistDeleted(pool, event, occurredAt),
    ),
  ];
  for (const consumer of await Promise.all(consumers)) started.use(consumer);
  return started.move();
}
