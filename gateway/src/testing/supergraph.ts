import { composeServices } from '@apollo/composition';
import { createSubgraph } from '@volna/platform/create-subgraph';
import type { Caller } from '@volna/platform/identity';
import type { Subgraph } from '@volna/platform/subgraph';
import { parse } from 'graphql';

/** A toy subgraph: its own types, and resolvers that get the caller as context. */
export interface ToyModule {
  readonly sdl: string;
  readonly resolvers: object;
}

export interface ToySupergraph {
  readonly supergraphSdl: string;
  readonly subgraphs: Record<string, Subgraph>;
}

const LINK = `extend schema @link(url: "https://specs.apollo.dev/federation/v2.9", import: [
  "@key", "@external", "@requires", "@provides", "@shareable", "@inaccessible", "@override", "@interfaceObject",
  "@authenticated", "@requiresScopes", "@policy"
])
`;

/** Composes toy subgraphs, and others that are known by their schema only. */
export function composeToys(
  modules: Record<string, ToyModule>,
  others: Record<string, string> = {},
): ToySupergraph {
  const entries = Object.entries(modules);
  const sdls = [...entries.map(([name, { sdl }]) => [name, LINK + sdl] as const), ...Object.entries(others)];
  const composed = composeServices(
    sdls.map(([name, sdl]) => ({ name, url: `toy://${name}`, typeDefs: parse(sdl) })),
  );
  if (composed.errors) throw new AggregateError(composed.errors, composed.errors.map(String).join('\n'));
  const subgraphs = entries.map(([name, { sdl, resolvers }]) => {
    return [name, createSubgraph({ name, typeDefs: LINK + sdl, resolvers, createContext })] as const;
  });
  return { supergraphSdl: composed.supergraphSdl, subgraphs: Object.fromEntries(subgraphs) };
}

/** What the resolvers of a toy get. */
export interface ToyContext {
  readonly caller: Caller;
}

const createContext = (caller: Caller): ToyContext => ({ caller });

/** Somebody who is not signed in. */
export const stranger: Caller = { viewer: null, correlationId: 'test', ip: '127.0.0.1', userAgent: 'test' };
