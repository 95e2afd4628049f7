import { z } from 'zod';

import { hashOf } from './persisted-texts.ts';

/** The operations of released clients: the only ones that a gateway runs which has such a list. */
export interface TrustedDocuments {
  readonly size: number;
  /** The text of an id: its name in the list, or the SHA-256 of the text. */
  find(id: string): string | undefined;
  has(text: string): boolean;
}

/** As graphql-codegen's client preset writes it, and as Apollo's generate-persisted-query-manifest does. */
const Manifest = z.union([
  z.record(z.string(), z.string()),
  z
    .object({ operations: z.array(z.object({ id: z.string(), body: z.string() })) })
    .transform(({ operations }) => Object.fromEntries(operations.map(({ id, body }) => [id, body]))),
]);

/** Reads a list of trusted documents; throws for a text that is none. */
export function readTrustedDocuments(json: string): TrustedDocuments {
  const byId = new Map<string, string>();
  const texts = new Set<string>();
  for (const [id, text] of Object.entries(Manifest.parse(JSON.parse(json)))) {
    texts.add(text);
    for (const name of [id, bareId(id), hashOf(text)]) byId.set(name, text);
  }
  return {
    size: texts.size,
    find: (id) => byId.get(id) ?? byId.get(bareId(id)),
    has: (text) => texts.has(text),
  };
}

/** GraphQL over HTTP writes `sha256:` before ids that are hashes; Apollo's clients do not. */
export function bareId(id: string): string {
  return id.replace(/^sha256:/, '');
}
