import { trackDeleted, trackPlayable, trackPublished } from '@volna/events';
import { once } from '@volna/platform/outbox';

import type { Deps } from './context.ts';
import { noteDeleted, notePlayable, notePublished } from './domain/know-track.ts';

/** The events that playback acts on. */
export async function startConsumers({ bus, db }: Deps): Promise<AsyncDisposable[]> {
  return [
    await bus.consume(trackPlayable, 'playback', (event, delivery) =>
      once(db, 'playback', delivery, (tx) => notePlayable(tx, event)),
    ),
    await bus.consume(trackPublished, 'playback', (event, delivery) =>
      once(db, 'playback', delivery, (tx) => notePublished(tx, event)),
    ),
    await bus.consume(trackDeleted, 'playback', (event, delivery) =>
      once(db, 'playback', delivery, (tx) => noteDeleted(tx, event)),
    ),
  ];
}
