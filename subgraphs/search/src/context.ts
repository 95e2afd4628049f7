import type { Bus } from '@volna/platform/bus';
import { ClientError, UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';
import type { Objects } from '@volna/platform/objects';
import type { Vectors } from '@volna/platform/vectors';

import type { Database } from './database.ts';
import type { LibrarySize } from './domain/library-size.ts';
import type { Nearby } from './domain/nearby.ts';
import type { TrackMemory } from './domain/track-memory.ts';
import type { ResultCache } from './finding/result-cache.ts';
import type { LandmarkIndex } from './landmarks/landmark-index.ts';
import { createSimilarByTrack, type SimilarByTrack } from './loaders/similar-by-track.ts';
import { createTasteSummaries, type TasteSummaries } from './loaders/taste-summary.ts';
import { createTitleByEntry, type TitleByEntry } from './loaders/title-by-entry.ts';
import { createWhyNothingByTrack, type WhyNothingByTrack } from './loaders/why-nothing-by-track.ts';
import type { Meaning } from './meaning/meaning.ts';
import { createSimilarByThing, type SimilarByThing } from './sonic/similar-by-thing.ts';
import { type Language, readLanguage } from './wave/languages.ts';

/** What a use case may touch. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly objects: Objects;
  readonly vectors: Vectors;
  readonly results: ResultCache;
  readonly landmarks: LandmarkIndex;
  readonly nearby: Nearby;
  readonly trackMemory: TrackMemory;
  readonly librarySize: LibrarySize;
  readonly meaning: Meaning;
  /** Sends what the transaction that just ended put in the outbox, without waiting for the next look. */
  readonly wakeRelay: () => void;
}

/** What one request's resolvers share. */
export interface Context extends Deps {
  readonly viewer: Viewer | null;
  /** What reasons are told in. */
  readonly language: Language;
  readonly similarByTrack: SimilarByTrack;
  readonly similarByArtist: SimilarByThing;
  readonly similarByAlbum: SimilarByThing;
  readonly tasteSummary: TasteSummaries;
  readonly titleByEntry: TitleByEntry;
  readonly whyNothingByTrack: WhyNothingByTrack;
  requireViewer(): Viewer;
  /** Lets nobody but an ADMIN pass. */
  requireAdmin(): void;
}

export function createContext(deps: Deps, { viewer, acceptLanguage }: Caller): Context {
  return {
    ...deps,
    viewer,
    language: readLanguage(acceptLanguage),
    similarByTrack: createSimilarByTrack(deps, viewer?.userId ?? null),
    similarByArtist: createSimilarByThing(deps, viewer?.userId ?? null, 'ARTIST'),
    similarByAlbum: createSimilarByThing(deps, viewer?.userId ?? null, 'ALBUM'),
    tasteSummary: createTasteSummaries(deps),
    titleByEntry: createTitleByEntry(deps),
    whyNothingByTrack: createWhyNothingByTrack(deps, viewer?.userId ?? null),
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
    requireAdmin() {
      if (!viewer) throw new UnauthenticatedError();
      if (!viewer.roles.includes('ADMIN')) throw new ClientError('FORBIDDEN', 'for administrators only');
    },
  };
}
