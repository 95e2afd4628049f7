import type { Bus } from '@volna/platform/bus';
import type { Cache } from '@volna/platform/cache';
import { ClientError, UnauthenticatedError } from '@volna/platform/errors';
import type { Caller, Viewer } from '@volna/platform/identity';
import type { Objects } from '@volna/platform/objects';

import type { Limits } from './abuse/limits.ts';
import type { AfterAnswer } from './after-answer.ts';
import type { BillingPort } from './billing/billing-port.ts';
import type { Database } from './database.ts';
import { type ApiKeysByUser, createApiKeysByUser } from './loaders/api-keys-by-user.ts';
import { createDataRequestsByUser, type DataRequestsByUser } from './loaders/data-requests-by-user.ts';
import { createIdentitiesByUser, type IdentitiesByUser } from './loaders/identities-by-user.ts';
import { createPartsByRequest, type PartsByRequest } from './loaders/parts-by-request.ts';
import { createSessionsByUser, type SessionsByUser } from './loaders/sessions-by-user.ts';
import { createUserById, type UserById } from './loaders/user-by-id.ts';
import type { OAuth } from './oauth/oauth.ts';
import type { Passwords } from './tokens/password.ts';
import type { SigningKeys } from './tokens/signing-keys.ts';

/** What a use case may touch. */
export interface Deps {
  readonly db: Database;
  readonly bus: Bus;
  readonly cache: Cache;
  /** Counts of tries: the cache while it is there, else this process alone. */
  readonly counts: Cache;
  /** Where archives of exports are. */
  readonly objects: Objects;
  readonly keys: SigningKeys;
  readonly oauth: OAuth;
  readonly passwords: Passwords;
  readonly limits: Limits;
  /** Null where nobody is billed. */
  readonly billing: BillingPort | null;
  readonly afterAnswer: AfterAnswer;
  /** Sends what the transaction that just ended put in the outbox, without waiting for the next look. */
  readonly wakeRelay: () => void;
}

/** What one request's resolvers share. */
export interface Context extends Deps {
  readonly caller: Caller;
  readonly viewer: Viewer | null;
  readonly userById: UserById;
  readonly sessionsByUser: SessionsByUser;
  readonly apiKeysByUser: ApiKeysByUser;
  readonly identitiesByUser: IdentitiesByUser;
  readonly dataRequestsByUser: DataRequestsByUser;
  readonly partsByRequest: PartsByRequest;
  /** Users that this very request has proved to be, by registering, signing in or refreshing. */
  readonly own: Set<string>;
  requireViewer(): Viewer;
  /** Lets nobody but an ADMIN pass. */
  requireAdmin(): Viewer;
}

export function createContext(deps: Deps, caller: Caller): Context {
  const { viewer } = caller;
  return {
    ...deps,
    caller,
    viewer,
    userById: createUserById(deps.db),
    sessionsByUser: createSessionsByUser(deps.db),
    apiKeysByUser: createApiKeysByUser(deps.db),
    identitiesByUser: createIdentitiesByUser(deps.db),
    dataRequestsByUser: createDataRequestsByUser(deps.db),
    partsByRequest: createPartsByRequest(deps.db),
    own: new Set(),
    requireViewer() {
      if (!viewer) throw new UnauthenticatedError();
      return viewer;
    },
    requireAdmin() {
      if (!viewer) throw new UnauthenticatedError();
      if (!viewer.roles.includes('ADMIN')) throw new ClientError('FORBIDDEN', 'for administrators only');
      return viewer;
    },
  };
}
