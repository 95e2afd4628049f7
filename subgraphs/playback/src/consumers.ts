import { trackDeleted, trackOpennessChanged, trackPlayable } from '@volna/events';
import { once } from '@volna/platform/once';

import type { Deps } from './context.ts';
import { noteDeleted, noteOpenness, notePlayable } from './domain/know-track.ts';

/** The events that playback acts on. */
export async function startConsumers({ bus, db }: Deps): Promise<AsyncDisposable[]> {
  return [
    await bus.consume(trackPlayable, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => notePlayable(tx, event));
    }),
    await bus.consume(trackOpennessChanged, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => noteOpenness(tx, event));
    }),
    await bus.consume(trackDeleted, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => noteDeleted(tx, event));
    }),
  ];
}
