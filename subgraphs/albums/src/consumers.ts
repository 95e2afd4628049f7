import {
  artistCreated,
  type DataOf,
  type EventDefinition,
  trackCreated,
  trackDeleted,
  trackDescribed,
  trackPublished,
  waveReacted,
} from '@volna/events';
import { once } from '@volna/platform/once';

import type { Deps } from './context.ts';
import type { Database } from './database.ts';
import { describeTrack, forgetTrack, noteArtist, noteTrack, publishTrack } from './domain/know-catalog.ts';
import { storeReaction } from './domain/set-reaction.ts';

type Tx = Parameters<Parameters<Database['$transaction']>[0]>[0];

/** The events that albums acts on. */
export async function startConsumers({ bus, db, wakeRelay }: Deps): Promise<AsyncDisposable[]> {
  const on = <E extends EventDefinition>(event: E, act: (tx: Tx, data: DataOf<E>) => Promise<void>) =>
    bus.consume(event, 'albums', async (data, delivery) => {
      await once(db, 'albums', delivery, (tx) => act(tx, data));
      wakeRelay();
    });
  return Promise.all([
    on(artistCreated, noteArtist),
    on(trackCreated, noteTrack),
    on(trackDescribed, describeTrack),
    on(trackPublished, publishTrack),
    on(trackDeleted, forgetTrack),
    on(waveReacted, (tx, { userId, trackId, reaction, at }) =>
      storeReaction(tx, userId, trackId, reaction, new Date(at)),
    ),
  ]);
}
