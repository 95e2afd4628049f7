import type { Bus } from '@volna/platform/bus';
import { ClientError, UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';
import type { Objects } from '@volna/platform/objects';
import type { OutsideRules } from '@volna/platform/outside-url';

import type { Database } from './database.ts';
import type { UploadPolicy } from './domain/upload-policy.ts';
import { isAdmin, maySee, maySeeArtist } from './domain/visibility.ts';
import { isHeardElsewhere } from './duplicates/stand-in.ts';
import type { ImportPolicy } from './import/import-policy.ts';
import { type ArtistById, createArtistById } from './loaders/artist-by-id.ts';
import { type ArtistsByOwner, createArtistsByOwner } from './loaders/artists-by-owner.ts';
import { type ClaimsByUser, createClaimsByUser } from './loaders/claims-by-user.ts';
import { createCreditsByTrack, type CreditsByTrack } from './loaders/credits-by-track.ts';
import { createGenresByTrack, type GenresByTrack } from './loaders/genres-by-track.ts';
import { createGenreLoaders, type GenreLoaders } from './loaders/genres.ts';
import { createImportLoaders, type ImportLoaders } from './loaders/imports.ts';
import { createModerationLoaders, type ModerationLoaders } from './loaders/moderation.ts';
import { createSoundByTrack, type SoundByTrack } from './loaders/sound-by-track.ts';
import { createStorageByUser, type StorageByUser } from './loaders/storage-by-user.ts';
import { createTrackById, type TrackById } from './loaders/track-by-id.ts';
import { createTrackPartLoaders, type TrackPartLoaders } from './loaders/track-parts.ts';
import { createTracksByArtist, type TracksByArtist } from './loaders/tracks-by-artist.ts';
import type { Artist, Track } from './models.ts';
import type { ProcessingSignals } from './processing-signals.ts';

/** What a use case may touch. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly objects: Objects;
  readonly policy: UploadPolicy;
  readonly imports: ImportPolicy;
  /** Where files may be fetched from by URL. */
  readonly outside: OutsideRules;
  /** How long a worker is believed to be alive after it was last heard of. */
  readonly leaseSeconds: number;
  /** Has what is in the outbox sent on without delay. */
  readonly wake: () => void;
}

/** What one request's resolvers share. */
export interface Context extends Deps, GenreLoaders, ImportLoaders, ModerationLoaders, TrackPartLoaders {
  readonly viewer: Viewer | null;
  readonly signals: ProcessingSignals;
  readonly artistById: ArtistById;
  readonly artistsByOwner: ArtistsByOwner;
  readonly claimsByUser: ClaimsByUser;
  readonly creditsByTrack: CreditsByTrack;
  readonly genresByTrack: GenresByTrack;
  readonly soundByTrack: SoundByTrack;
  readonly storageByUser: StorageByUser;
  /** Any track, whoever may see it. */
  readonly trackById: TrackById;
  readonly tracksByArtist: TracksByArtist;
  /** The signed-in user, or the error that tells the client to sign in. */
  readonly requireViewer: () => Viewer;
  /** Lets nobody but an ADMIN pass. */
  readonly requireAdmin: () => void;
  /** The track, or null where there is none that the viewer may see. */
  readonly findTrack: (id: string) => Promise<Track | null>;
  /** The artist page, likewise. */
  readonly findArtist: (id: string) => Promise<Artist | null>;
}

export function createContext(deps: Deps, signals: ProcessingSignals, { viewer }: Caller): Context {
  const artistById = createArtistById(deps.db);
  const trackById: TrackById = createTrackById(deps.db);
  return {
    ...deps,
    ...createImportLoaders(deps.db),
    ...createGenreLoaders(deps.db),
    ...createModerationLoaders(deps.db),
    ...createTrackPartLoaders(deps.db, viewer),
    viewer,
    signals,
    artistById,
    artistsByOwner: createArtistsByOwner(deps.db),
    claimsByUser: createClaimsByUser(deps.db),
    creditsByTrack: createCreditsByTrack(deps.db),
    genresByTrack: createGenresByTrack(deps.db),
    soundByTrack: createSoundByTrack(deps.db),
    storageByUser: createStorageByUser(deps.db),
    trackById,
    tracksByArtist: createTracksByArtist(deps.db, viewer),
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
    requireAdmin() {
      if (!viewer) throw new UnauthenticatedError();
      if (!isAdmin(viewer)) throw new ClientError('FORBIDDEN', 'for administrators only');
    },
    async findTrack(id) {
      const track = await trackById.load(id);
      if (!track || maySee(viewer, track)) return track;
      return (await isHeardElsewhere({ trackById, artistById }, track)) ? track : null;
    },
    async findArtist(id) {
      const artist = await artistById.load(id);
      return artist && maySeeArtist(viewer, artist) ? artist : null;
    },
  };
}
