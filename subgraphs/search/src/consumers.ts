import {
  albumDeleted,
  albumDescribed,
  albumTracksChanged,
  artistCreated,
  artistDeleted,
  artistUpdated,
  clipAnalyzed,
  type DataOf,
  type EventDefinition,
  explicitContentSet,
  genresChanged,
  moderationDecided,
  playbackReported,
  playlistDeleted,
  playlistDescribed,
  playlistTracksAdded,
  privateListeningSet,
  reactionSet,
  trackDeleted,
  trackOpennessChanged,
  trackUpdated,
} from '@volna/events';
import type { Delivery } from '@volna/platform/bus';
import { once } from '@volna/platform/once';

import type { Deps } from './context.ts';
import type { Transaction } from './database.ts';
import { answerAudioSearch } from './domain/answer-audio-search.ts';
import { forgetTrack } from './domain/forget-track.ts';
import { describeArtist, forgetArtist, indexArtist } from './domain/index-artist.ts';
import {
  forgetAlbum,
  forgetPlaylist,
  indexAlbum,
  indexAlbumTracks,
  indexPlaylist,
} from './domain/index-entries.ts';
import { indexTrack } from './domain/index-track.ts';
import { noteAdded } from './domain/note-added.ts';
import { noteExplicit } from './domain/note-explicit.ts';
import { noteGenres } from './domain/note-genres.ts';
import { noteOpenness } from './domain/note-openness.ts';
import { notePlayback } from './domain/note-playback.ts';
import { notePrivate } from './domain/note-private.ts';
import { noteReaction } from './domain/note-reaction.ts';
import { forgetTitleOf } from './moderation/forget-title-of.ts';
import { noteDecision } from './moderation/note-decision.ts';

const NAME = 'search';

/** The events that search acts on. */
export async function startConsumers(deps: Deps): Promise<AsyncDisposable[]> {
  const { bus, db, results } = deps;
  const inTransaction = <D extends EventDefinition>(
    definition: D,
    handle: (tx: Transaction, event: DataOf<D>) => Promise<void>,
  ) =>
    bus.consume(definition, NAME, async (event, delivery) => {
      await once<Transaction>(db, NAME, delivery, (tx) => handle(tx, event));
    });
  /** Likewise, and what was answered before the change is not answered again. */
  const indexing = <D extends EventDefinition>(
    definition: D,
    handle: (tx: Transaction, event: DataOf<D>, delivery: Delivery) => Promise<void>,
  ) =>
    bus.consume(definition, NAME, async (event, delivery) => {
      await once<Transaction>(db, NAME, delivery, (tx) => handle(tx, event, delivery));
      await results.forgetAll();
    });
  return Promise.all([
    bus.consume(trackUpdated, NAME, async (event, { occurredAt }) => {
      await indexTrack(deps, event, occurredAt);
      await results.forgetAll();
    }),
    bus.consume(trackDeleted, NAME, async (event) => {
      await forgetTrack(deps, event);
      await results.forgetAll();
    }),
    bus.consume(clipAnalyzed, NAME, (event) => answerAudioSearch(deps, event)),
    bus.consume(genresChanged, NAME, async (event, delivery) => {
      const at = new Date(delivery.occurredAt);
      await once<Transaction>(db, NAME, delivery, (tx) => noteGenres(tx, event, at));
      await results.forgetAll();
    }),
    bus.consume(trackOpennessChanged, NAME, async (event) => {
      await noteOpenness(deps, event);
      await results.forgetAll();
    }),
    indexing(artistCreated, indexArtist),
    indexing(artistUpdated, describeArtist),
    indexing(artistDeleted, forgetArtist),
    indexing(albumDescribed, indexAlbum),
    indexing(albumTracksChanged, indexAlbumTracks),
    indexing(albumDeleted, forgetAlbum),
    indexing(playlistDescribed, indexPlaylist),
    indexing(playlistDeleted, forgetPlaylist),
    bus.consume(moderationDecided, NAME, async (event, delivery) => {
      await once<Transaction>(db, NAME, delivery, (tx) => noteDecision(tx, event));
      await results.forgetAll();
      if (event.state !== 'CLEAR') await forgetTitleOf(deps, event.targetId);
    }),
    inTransaction(reactionSet, noteReaction),
    inTransaction(playbackReported, notePlayback),
    inTransaction(playlistTracksAdded, noteAdded),
    bus.consume(explicitContentSet, NAME, async (event, delivery) => {
      const at = new Date(delivery.occurredAt);
      await once<Transaction>(db, NAME, delivery, (tx) => noteExplicit(tx, event, at));
    }),
    bus.consume(privateListeningSet, NAME, async (event, delivery) => {
      const at = new Date(delivery.occurredAt);
      await once<Transaction>(db, NAME, delivery, (tx) => notePrivate(tx, event, at));
    }),
  ]);
}
