import {
  artistCreated,
  artistDeleted,
  artistTransferred,
  artistUpdated,
  collectionAsked,
  coverChanged,
  type DataOf,
  type EventDefinition,
  moderationDecided,
  playbackReported,
  playlistAsked,
  PlaylistId,
  playlistMoved,
  trackCreated,
  trackDeleted,
  trackImported,
  trackOpennessChanged,
  trackUpdated,
  waveReacted,
} from '@volna/events';
import type { Delivery } from '@volna/platform/bus';
import { once } from '@volna/platform/once';

import { forgetArtist } from './artists/forget-artist.ts';
import { describeArtist, noteArtist } from './artists/note-artist.ts';
import { transferAlbums } from './artists/transfer-albums.ts';
import type { Deps } from './context.ts';
import { noteCover } from './covers/note-cover.ts';
import { forgetTrack } from './domain/forget-track.ts';
import { describeTrack, noteListening, noteOpenness, noteTrack } from './domain/know-catalog.ts';
import { storeReaction } from './domain/set-reaction.ts';
import { noteImportedTrack } from './imports/note-imported-track.ts';
import { answerCollection } from './moderation/answer-collection.ts';
import { noteDecision } from './moderation/note-decision.ts';
import { answerPlaylist } from './playlists/answer-playlist.ts';
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
    on(artistUpdated, describeArtist),
    on(artistTransferred, transferAlbums),
    on(artistDeleted, forgetArtist),
    on(trackImported, noteImportedTrack),
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
    bus.consume(coverChanged, NAME, async (data, delivery) => {
      let isMoved = false;
      await once<Tx>(db, NAME, delivery, async (tx) => {
        isMoved = await noteCover(tx, data);
      });
      const playlistId = PlaylistId.safeParse(data.targetId);
      if (isMoved && playlistId.success) bus.signal(playlistMoved, { playlistId: playlistId.data });
    }),
    bus.answer(collectionAsked, NAME, (question) => answerCollection(db, question)),
    bus.answer(playlistAsked, NAME, (question) => answerPlaylist(db, question)),
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
