import { logger } from '@volna/platform/log';
import { CollectionNotFoundError, type VectorHit, type Vectors } from '@volna/platform/vectors';

import type { Near } from '../finding/matches-sql.ts';
import type { Kind } from '../finding/types.ts';
import { EVERYBODY, textCollection } from './text-collection.ts';
import type { TextEmbeddings } from './text-embeddings.ts';

/** How long a search waits for the vector of its query. */
const QUERY_MS = 800;
/** After a failure searches go on without for so long. */
const AWAY_MS = 10_000;
/** Vectors of queries that are kept. */
const REMEMBERED = 500;
const MOST = 60;

/** Finds what means much the same as a query. */
export interface Meaning {
  /** Best first; none where nobody can be asked. */
  find(
    query: string,
    scope: { readonly viewerId: string | null; readonly kinds: readonly Kind[] },
  ): Promise<Near[]>;
}

export const NO_MEANING: Meaning = { find: async () => [] };

interface MeaningOptions {
  /** Cosines below it are chance; how high they are depends on the model. */
  readonly leastScore: number;
}

/** Asks a server of text embeddings for the vector of a query, and the vector store for what is near to it. */
export function createMeaning(
  vectors: Vectors,
  embeddings: TextEmbeddings,
  { leastScore }: MeaningOptions,
): Meaning {
  const known = new Map<string, number[]>();
  let awayUntil = 0;

  async function vectorOf(query: string): Promise<number[]> {
    const text = query.normalize('NFKC').trim().toLowerCase();
    const vector = known.get(text) ?? (await embeddings.embed([text], QUERY_MS))[0] ?? [];
    known.delete(text);
    known.set(text, vector);
    const [oldest] = known.keys();
    if (known.size > REMEMBERED && oldest !== undefined) known.delete(oldest);
    return vector;
  }

  return {
    async find(query, { viewerId, kinds }) {
      if (Date.now() < awayUntil) return [];
      try {
        const vector = await vectorOf(query);
        const seenBy = viewerId === null ? [EVERYBODY] : [EVERYBODY, viewerId];
        const filter = { anyOf: { seenBy, kind: kinds } };
        const collection = textCollection(embeddings.model, vector.length);
        const hits = await vectors.query(collection, vector, MOST, filter).catch(noneYet);
        return hits.flatMap(({ payload: { entryId }, score }) =>
          typeof entryId === 'string' && score >= leastScore ? [{ id: entryId, score }] : [],
        );
      } catch (err) {
        awayUntil = Date.now() + AWAY_MS;
        logger.warn({ err }, 'no vector for a query: search goes on without what means the same');
        return [];
      }
    },
  };
}

function noneYet(err: unknown): VectorHit[] {
  if (err instanceof CollectionNotFoundError) return [];
  throw err;
}
