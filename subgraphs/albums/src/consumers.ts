import {
  artistCreated,
  collectionAsked,
  type DataOf,
  type EventDefinition,
  moderationDecided,
  playbackReported,
  PlaylistId,
  playlistMoved,
  trackCreated,
  trackDeleted,
  trackOpennessChanged,
  trackUpdated,
  waveReacted,
} from '@volna/events';
import type { Delivery } from '@volna/platform/bus';
import { once } from '@volna/platform/once';

import type { Deps } from './context.ts';
import { forgetTrack } from './domain/forget-track.ts';
import { describeTrack, noteArtist, noteListening, noteOpenness, noteTrack } from './domain/know-catalog.ts';
import { storeReaction } from './domain/set-reaction.ts';
import { answerCollection } from './moderation/answer-collection.ts';
import { noteDecision } from './moderation/note-decision.ts';
import type { Tx } from './transaction.ts';

const NAME = 'albums';
/** A name of its own for what an older release kept less of: it gets again what the bus still has. */
const FACTS = 'albums-facts';

/** The events that albums acts on. */
export async function startConsumers({ bus, db, wakeRelay }: Deps): Promise<AsyncDisposable[]> {
  type Act<E extends EventDefinition> = (tx: Tx, data: DataOf<E>, delivery: Delivery) => Promise<void>;
  const on = <E extends EventDefinition>(event: E, act: Act<E>, name = NAME) =>
    bus.consume(event, name, async (data, delivery) => {
      await once<Tx>(db, name, delivery, (tx) => act(tx, data, delivery));
      wakeRelay();
    });
  return Promise.all([
    on(artistCreated, noteArtist, FACTS),
    on(trackCreated, noteTrack),
    on(trackUpdated, describeTrack, FACTS),
    on(trackOpennessChanged, noteOpenness),
    on(playbackReported, noteListening, FACTS),
    bus.consume(trackDeleted, NAME, async (data, delivery) => {
      let touched: string[] = [];
      await once<Tx>(db, NAME, delivery, async (tx) => {
        touched = await forgetTrack(tx, data);
      });
      wakeRelay();
      for (const id of touched) bus.signal(playlistMoved, { playlistId: PlaylistId.parse(id) });
    }),
    bus.answer(collectionAsked, NAME, (question) => answerCollection(db, question)),
    bus.consume(moderationDecided, NAME, async (data, delivery) => {
      await once<Tx>(db, NAME, delivery, (tx) => noteDecision(tx, data));
      const playlistId = PlaylistId.safeParse(data.targetId);
      if (playlistId.success) bus.signal(playlistMoved, { playlistId: playlistId.data });
    }),
    on(waveReacted, (tx, { userId, trackId, reaction, at }) =>
      storeReaction(tx, userId, trackId, reaction, new Date(at)),
    ),
  ]);
}
