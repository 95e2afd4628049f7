import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';

import type { Database } from './database.ts';
import { createIdentitiesByUser, type IdentitiesByUser } from './loaders/identities-by-user.ts';
import { createSessionsByUser, type SessionsByUser } from './loaders/sessions-by-user.ts';
import { createUserById, type UserById } from './loaders/user-by-id.ts';
import type { Mailer } from './mail.ts';
import type { OAuth } from './oauth/oauth.ts';
import type { SigningKeys } from './tokens/signing-keys.ts';

/** What a use case may touch. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly cache: Cache;
  readonly keys: SigningKeys;
  readonly mailer: Mailer;
  readonly oauth: OAuth;
  /** Sends what the transaction that just ended put in the outbox, without waiting for the next look. */
  readonly wakeRelay: () => void;
}

/** What one request's resolvers share. */
export interface Context extends Deps {
  readonly caller: Caller;
  readonly viewer: Viewer | null;
  readonly userById: UserById;
  readonly sessionsByUser: SessionsByUser;
  readonly identitiesByUser: IdentitiesByUser;
  /** Users that this very request has proved to be, by registering, signing in or refreshing. */
  readonly own: Set<string>;
  requireViewer(): Viewer;
}

export function createContext(deps: Deps, caller: Caller): Context {
  const { viewer } = caller;
  return {
    ...deps,
    caller,
    viewer,
    userById: createUserById(deps.db),
    sessionsByUser: createSessionsByUser(deps.db),
    identitiesByUser: createIdentitiesByUser(deps.db),
    own: new Set(),
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
  };
}
