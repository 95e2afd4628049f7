import { artistCreated } from '@volna/events';
import { once } from '@volna/platform/once';

import type { Deps } from './context.ts';
import { makeArtist } from './domain/make-artist.ts';

/** The events that users acts on. */
export async function startConsumers({ bus, db }: Deps): Promise<AsyncDisposable[]> {
  return [
    await bus.consume(artistCreated, 'users', async (event, delivery) => {
      await once(db, 'users', delivery, (tx) => makeArtist(tx, event.ownerId));
    }),
  ];
}
