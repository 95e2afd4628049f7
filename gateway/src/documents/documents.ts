import type { Cache } from '@volna/platform/cache';
import { GraphQLError } from 'graphql';

import { Refusal } from '../operations/refusal.ts';
import { hashOf, PersistedTexts } from './persisted-texts.ts';
import { bareId, type TrustedDocuments } from './trusted-documents.ts';

/**
 * Puts the text of its operation into a request that names it by its hash (Apollo's automatic persisted queries) or by
 * its `documentId` (GraphQL over HTTP); throws `Refusal`. What is no such request comes back as it is.
 */
export type ResolveDocument = (stated: unknown) => Promise<unknown>;

export interface DocumentsOptions {
  readonly cache: Cache;
  /** Null where any operation may be asked for. */
  readonly trusted: TrustedDocuments | null;
  /** Parses and validates; throws `Refusal`. What it does not pass is not kept. */
  readonly checkText: (text: string) => void;
}

type Stated = Readonly<Record<string, unknown>>;

export function createResolveDocument({ cache, trusted, checkText }: DocumentsOptions): ResolveDocument {
  const texts = new PersistedTexts(cache);

  async function persistedText(hash: string, text: string | null): Promise<string> {
    if (text === null) {
      const known = await texts.find(hash);
      if (known === null) throw refusal('PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound');
      return known;
    }
    if (hashOf(text) !== hash) throw refusal('BAD_REQUEST', 'provided sha does not match query');
    checkText(text);
    void texts.keep(hash, text);
    return text;
  }

  return async (stated) => {
    if (!isRecord(stated)) return stated;
    const id = idOf(stated);
    const text = typeof stated['query'] === 'string' && stated['query'] !== '' ? stated['query'] : null;
    if (trusted) {
      if (id === null && (text === null || trusted.has(text))) return stated;
      const found = id === null ? undefined : trusted.find(id);
      if (found === undefined) throw refusal('DOCUMENT_NOT_TRUSTED', 'this operation is not on the list');
      return withText(stated, found);
    }
    return id === null ? stated : withText(stated, await persistedText(bareId(id), text));
  };
}

/** The name of the operation's text, in whichever way it is stated. */
function idOf({ documentId, extensions }: Stated): string | null {
  const persisted = isRecord(extensions) ? extensions['persistedQuery'] : undefined;
  if (persisted !== undefined && persisted !== null) {
    const { version, sha256Hash } = isRecord(persisted) ? persisted : {};
    if (version !== 1 || typeof sha256Hash !== 'string')
      throw refusal('PERSISTED_QUERY_NOT_SUPPORTED', 'PersistedQueryNotSupported');
    return sha256Hash;
  }
  if (documentId === undefined || documentId === null) return null;
  if (typeof documentId !== 'string') throw refusal('BAD_REQUEST', 'documentId has to be a string');
  return documentId;
}

function withText(stated: Stated, query: string): Stated {
  const { documentId: _id, extensions, ...rest } = stated;
  const { persistedQuery: _hash, ...left } = isRecord(extensions) ? extensions : {};
  return { ...rest, query, extensions: left };
}

function refusal(code: string, message: string): Refusal {
  return new Refusal([new GraphQLError(message, { extensions: { code } })]);
}

function isRecord(value: unknown): value is Stated {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
