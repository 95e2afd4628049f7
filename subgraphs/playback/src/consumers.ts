import {
  moderationDecided,
  trackDeleted,
  trackOpennessChanged,
  trackPlayable,
  tracksClosed,
} from '@volna/events';
import { once } from '@volna/platform/once';

import type { Deps } from './context.ts';
import { noteDecision, noteDeleted, noteOpenness, notePlayable } from './domain/know-track.ts';

/** The events that playback acts on. */
export async function startConsumers({ bus, db }: Deps): Promise<AsyncDisposable[]> {
  return [
    await bus.consume(trackPlayable, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => notePlayable(tx, event));
    }),
    await bus.consume(trackOpennessChanged, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => noteOpenness(tx, event));
      bus.signal(tracksClosed, {});
    }),
    await bus.consume(moderationDecided, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => noteDecision(tx, event));
      bus.signal(tracksClosed, {});
    }),
    await bus.consume(trackDeleted, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => noteDeleted(tx, event));
      bus.signal(tracksClosed, {});
    }),
  ];
}
