import type { Bus } from '@volna/platform/bus';
import { UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';
import type { Objects } from '@volna/platform/objects';

import type { Database } from './database.ts';
import { createLastListening, type LastListening } from './loaders/last-listening.ts';
import { createNowPlaying, type NowPlayingOf } from './loaders/now-playing.ts';
import { createPlayableById, type PlayableById } from './loaders/playable-by-id.ts';
import { createTracksOfAlbum, type TracksOfAlbum } from './loaders/tracks-of-album.ts';

/** What a use case may touch. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly objects: Objects;
  /** Signs the grants that the streamer honours. */
  readonly grantKey: string;
  /** Where clients reach the streamer, without a slash at its end. */
  readonly publicUrl: () => string;
  readonly wakeRelay: () => void;
}

/** What one request's resolvers share. */
export interface Context extends Deps {
  readonly viewer: Viewer | null;
  readonly playableById: PlayableById;
  readonly lastListening: LastListening;
  readonly tracksOfAlbum: TracksOfAlbum;
  readonly nowPlaying: NowPlayingOf;
  requireViewer(): Viewer;
}

export function createContext(deps: Deps, { viewer }: Pick<Caller, 'viewer'>): Context {
  const playableById = createPlayableById(deps.db);
  return {
    ...deps,
    viewer,
    playableById,
    tracksOfAlbum: createTracksOfAlbum(deps.db),
    nowPlaying: createNowPlaying({ db: deps.db, viewer, playableById }),
    lastListening: createLastListening(deps.db, viewer),
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
  };
}
