import { artistCreated, artistTransferred, sessionsRevoked, userRegistered } from '@volna/events';
import { once } from '@volna/platform/once';

import { createCustomer } from './billing/create-customer.ts';
import type { Deps } from './context.ts';
import { makeArtist } from './domain/make-artist.ts';
import { markRevoked } from './domain/revoke-tokens.ts';

/** Sixteen minutes: until no access token is left that could be revoked. */
const WHILE_TOKENS_LIVE = { deliveries: 100, pauseMs: 500, longestPauseMs: 10_000 };

/** The events that users acts on. */
export async function startConsumers({ billing, bus, cache, db }: Deps): Promise<AsyncDisposable[]> {
  return [
    await bus.consume(artistCreated, 'users', async (event, delivery) => {
      await once(db, 'users', delivery, (tx) => makeArtist(tx, event.ownerId));
    }),
    await bus.consume(artistTransferred, 'users', async (event, delivery) => {
      await once(db, 'users', delivery, (tx) => makeArtist(tx, event.ownerId));
    }),
    // told to the cache already, unless the process or the cache went away in between
    await bus.consume(
      sessionsRevoked,
      'users',
      ({ sessionIds, until }) => markRevoked(cache, sessionIds, new Date(until)),
      { retry: WHILE_TOKENS_LIVE },
    ),
    ...(billing
      ? [
          await bus.consume(userRegistered, 'users-billing', ({ userId }) =>
            createCustomer({ db }, billing, userId),
          ),
        ]
      : []),
  ];
}
