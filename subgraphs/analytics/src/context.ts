import { ClientError, UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';
import type { Pool } from 'pg';

import type { Partitions } from './facts/partitions.ts';
import { createTrackById, type TrackById } from './loaders/track-by-id.ts';

/** What a use case may touch. */
export interface Deps {
  readonly pool: Pool;
  readonly partitions: Partitions;
}

/** What one request's resolvers share. */
export interface Context extends Deps {
  readonly viewer: Viewer | null;
  readonly trackById: TrackById;
  readonly isAdmin: boolean;
  requireViewer(): Viewer;
  /** Lets nobody but an ADMIN pass. */
  requireAdmin(): void;
}

export function createContext(deps: Deps, { viewer }: Caller): Context {
  const isAdmin = viewer?.roles.includes('ADMIN') ?? false;
  return {
    ...deps,
    viewer,
    isAdmin,
    trackById: createTrackById(deps.pool),
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
    requireAdmin() {
      if (!viewer) throw new UnauthenticatedError();
      if (!isAdmin) throw new ClientError('FORBIDDEN', 'for administrators only');
    },
  };
}
