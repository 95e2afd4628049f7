import type { Bus } from '@volna/platform/bus';
import { UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';
import type { Objects } from '@volna/platform/objects';
import type { Vectors } from '@volna/platform/vectors';

import type { Database } from './database.ts';
import { createSimilarByTrack, type SimilarByTrack } from './loaders/similar-by-track.ts';

/** What a use case may touch. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly objects: Objects;
  readonly vectors: Vectors;
  /** Sends what the transaction that just ended put in the outbox, without waiting for the next look. */
  readonly wakeRelay: () => void;
}

/** What one request's resolvers share. */
export interface Context extends Deps {
  readonly viewer: Viewer | null;
  readonly similarByTrack: SimilarByTrack;
  requireViewer(): Viewer;
}

export function createContext(deps: Deps, { viewer }: Caller): Context {
  return {
    ...deps,
    viewer,
    similarByTrack: createSimilarByTrack(deps),
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
  };
}
