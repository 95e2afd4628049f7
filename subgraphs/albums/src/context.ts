import type { Bus } from '@volna/platform/bus';
import { UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';
import type { Objects } from '@volna/platform/objects';

import type { Database } from './database.ts';
import { createLoaders, type Loaders } from './loaders/index.ts';

/** What a use case may touch. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly objects: Objects;
  readonly wakeRelay: () => void;
}

/** What one request's resolvers share. */
export interface Context extends Deps, Loaders {
  readonly viewer: Viewer | null;
  requireViewer(): Viewer;
  /** Lets everything be read again: something has changed. */
  forget(): void;
}

export function createContext(deps: Deps, { viewer }: Caller): Context {
  const loaders = createLoaders(deps.db, viewer);
  return {
    ...deps,
    ...loaders,
    viewer,
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
    forget() {
      for (const loader of Object.values(loaders)) loader.clearAll();
    },
  };
}
