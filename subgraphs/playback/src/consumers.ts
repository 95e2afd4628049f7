import {
  albumDeleted,
  albumTracksChanged,
  listeningMoved,
  moderationDecided,
  privateListeningSet,
  trackDeleted,
  trackOpennessChanged,
  trackPlayable,
  tracksClosed,
} from '@volna/events';
import { once } from '@volna/platform/once';

import type { Deps } from './context.ts';
import { forgetAlbum, noteAlbumTracks } from './domain/know-album.ts';
import { noteDecision, noteDeleted, noteOpenness, notePlayable } from './domain/know-track.ts';
import { notePrivacy } from './listening/note-privacy.ts';

/** The events that playback acts on. */
export async function startConsumers({ bus, db }: Deps): Promise<AsyncDisposable[]> {
  return [
    await bus.consume(trackPlayable, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => notePlayable(tx, event));
    }),
    await bus.consume(albumTracksChanged, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => noteAlbumTracks(tx, event));
    }),
    await bus.consume(albumDeleted, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => forgetAlbum(tx, event));
    }),
    await bus.consume(privateListeningSet, 'playback', async (event, delivery) => {
      await once(db, 'playback', delivery, (tx) => notePrivacy(tx, event, delivery.occurredAt));
      bus.signal(listeningMoved, { userId: event.userId });
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
