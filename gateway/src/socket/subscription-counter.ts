import { GraphQLError } from 'graphql';
import type { Context } from 'graphql-ws';

import type { SocketExtra } from './accept-socket.ts';
import type { SocketLimits } from './socket-limits.ts';

export type SocketContext = Context<Record<string, unknown>, SocketExtra>;

/** Counts what is open on a socket, and on all sockets of a user or, where nobody has signed in, of an address. */
export class SubscriptionCounter {
  readonly #sockets = new Map<string, Set<SocketContext>>();
  readonly #limits: SocketLimits;

  constructor(limits: SocketLimits) {
    this.#limits = limits;
  }

  /** Counts a socket in, until it is closed. */
  add(who: string, context: SocketContext): void {
    const { socket } = context.extra;
    if (socket.readyState !== socket.OPEN) return;
    const sockets = this.#sockets.get(who) ?? new Set();
    this.#sockets.set(who, sockets.add(context));
    socket.once('close', () => {
      sockets.delete(context);
      if (sockets.size === 0) this.#sockets.delete(who);
    });
  }

  /** Why an operation that has just been asked for is one too many, or null. */
  refusal(who: string, context: SocketContext): GraphQLError | null {
    const { subscriptionsPerSocket, subscriptionsPerUser } = this.#limits;
    if (openOn(context) > subscriptionsPerSocket) {
      return tooMany(`more than ${subscriptionsPerSocket} operations at a time on one socket`);
    }
    let open = 0;
    for (const other of this.#sockets.get(who) ?? []) open += openOn(other);
    return open > subscriptionsPerUser
      ? tooMany(`more than ${subscriptionsPerUser} operations at a time on all sockets`)
      : null;
  }
}

function openOn({ subscriptions }: SocketContext): number {
  return Object.keys(subscriptions).length;
}

function tooMany(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'TOO_MANY_SUBSCRIPTIONS' } });
}
