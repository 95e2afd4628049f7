import { newId } from '@volna/events';
import { ClientError } from '@volna/platform/errors';
import { createStream, type StreamSink } from '@volna/platform/stream';

import { composeToys, type ToyContext, type ToySupergraph } from './supergraph.ts';

type Event = { ticks: { seq: number; track?: { id: string } } };

/** Open subscriptions on the toy's one topic. */
export class Ticker {
  readonly #sinks = new Set<StreamSink<Event>>();

  get listeners(): number {
    return this.#sinks.size;
  }

  tick(seq: number): void {
    for (const sink of this.#sinks) sink.push({ ticks: { seq, track: { id: known.track } } });
  }

  end(): void {
    for (const sink of this.#sinks) sink.end();
  }

  fail(err: Error): void {
    for (const sink of this.#sinks) sink.fail(err);
  }

  subscribe() {
    return createStream<Event>(async (sink) => {
      this.#sinks.add(sink);
      return { [Symbol.asyncDispose]: async () => void this.#sinks.delete(sink) };
    });
  }
}

/** Things that the toy subgraphs have. */
export const known = { track: newId('Track'), user: newId('User') };

const NODE = 'interface Node { id: ID! }';
const BIG = 'x'.repeat(100_000);

/** Two subgraphs with owners of global ids, failures of each kind, and a subscription. */
export function composeLive(ticker: Ticker, nodeSdl: string): ToySupergraph {
  const media = {
    sdl: `
      ${NODE}
      type Query { track(id: ID!): Track tracks(first: Int = 20, after: String): TrackConnection! boom: Int leak: Int hang: Int secretCode: Int }
      type Mutation { add(title: String!): Track! }
      type Subscription { ticks(every: Int): Tick! refused: Tick! }
      type Tick { seq: Int! big: String! track: Track }
      type TrackConnection { edges: [TrackEdge!]! }
      type TrackEdge { cursor: String! node: Track }
      type Track implements Node @key(fields: "id") @key(fields: "nodeKey") { id: ID! nodeKey: ID! @inaccessible title: String! similar(first: Int = 10): [Track!]! }
    `,
    resolvers: {
      Query: {
        track: (_: unknown, { id }: { id: string }) => (id === known.track ? { id } : null),
        tracks: (_: unknown, { first }: { first: number }) => ({
          edges: Array.from({ length: Math.min(first, 3) }, (__, i) => ({
            cursor: String(i),
            node: { id: known.track },
          })),
        }),
        boom: () => {
          throw new ClientError('FORBIDDEN', 'not yours');
        },
        leak: () => {
          throw new Error('the password of the database is hunter2');
        },
        secretCode: () => {
          throw new ClientError('SOME_INTERNAL_CODE', 'stack of secrets');
        },
        hang: () => new Promise(() => {}),
      },
      Mutation: { add: (_: unknown, { title }: { title: string }) => ({ id: known.track, title }) },
      Subscription: {
        ticks: { subscribe: () => ticker.subscribe() },
        refused: {
          subscribe: () => {
            throw new ClientError('FORBIDDEN', 'not for you');
          },
        },
      },
      Tick: { big: () => BIG },
      Track: {
        __resolveReference: (reference: { id?: string; nodeKey?: string }) => {
          const id = reference.id ?? reference.nodeKey;
          return id === known.track ? { id } : null;
        },
        title: ({ title }: { title?: string }) => title ?? 'One',
        nodeKey: ({ id }: { id: string }) => id,
        similar: () => [],
      },
    },
  };
  const people = {
    sdl: `
      ${NODE}
      type Query { me: User greeting: String! }
      type User implements Node @key(fields: "id") @key(fields: "nodeKey") { id: ID! nodeKey: ID! @inaccessible name: String! roles: [String!]! }
      type Track @key(fields: "id") { id: ID! likedBy: User reaction: String }
    `,
    resolvers: {
      Query: {
        me: (_: unknown, __: unknown, { caller }: ToyContext) =>
          caller.viewer && { id: caller.viewer.userId, name: 'Alice', roles: caller.viewer.roles },
        greeting: (_: unknown, __: unknown, { caller }: ToyContext) =>
          `${caller.ip} ${caller.userAgent} ${caller.correlationId}`,
      },
      User: {
        __resolveReference: (reference: { id?: string; nodeKey?: string }) => {
          const id = reference.id ?? reference.nodeKey;
          return id === known.user ? { id, name: 'Alice', roles: [] } : null;
        },
        nodeKey: ({ id }: { id: string }) => id,
      },
      Track: {
        likedBy: () => ({ id: known.user, name: 'Alice', roles: [] }),
        reaction: (_: unknown, __: unknown, { caller }: ToyContext) => caller.viewer && 'LIKE',
      },
    },
  };
  const { supergraphSdl, subgraphs } = composeToys({ media, people }, { node: nodeSdl });
  return { supergraphSdl, subgraphs };
}
