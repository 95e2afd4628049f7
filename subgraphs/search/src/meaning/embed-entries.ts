import { createHash } from 'node:crypto';

import { logger } from '@volna/platform/log';

import type { Deps } from '../context.ts';
import { encodeVector } from '../ranking/vector.ts';
import type { EntryWords } from '../text/entry-texts.ts';
import { readWords } from '../texts/read-words.ts';
import { type TextEmbeddings, TextEmbeddingsError } from './text-embeddings.ts';

const BATCH = 64;
const BATCH_MS = 60_000;
/** Of a text, in characters: many models read no more than 512 tokens. */
const MAX_TEXT = 1_500;

interface Pending {
  readonly id: string;
  readonly revision: number;
  readonly digest: string | null;
}

interface Passage extends Pending {
  readonly text: string;
}

/** Asks for the vectors of all entries whose words it has none of, batch by batch; what is thrown is tried again later. */
export async function embedEntries(deps: Pick<Deps, 'db'>, embeddings: TextEmbeddings): Promise<void> {
  const { db } = deps;
  await db.$executeRaw`
    INSERT INTO text_vector (id) SELECT e.id FROM search_entry e
    WHERE NOT EXISTS (SELECT FROM text_vector v WHERE v.id = e.id) ON CONFLICT DO NOTHING`;
  for (;;) {
    // oxlint-disable-next-line no-await-in-loop -- one batch after the other is gentle on the server
    const pending = await db.$queryRaw<Pending[]>`
      SELECT v.id, v.revision, v.digest FROM text_vector v JOIN search_entry e ON e.id = v.id
      WHERE v.revision <> v.embedded_revision OR v.model IS DISTINCT FROM ${embeddings.model}
      ORDER BY v.id LIMIT ${BATCH}`;
    if (pending.length === 0) return;
    // oxlint-disable-next-line no-await-in-loop
    await embedBatch(deps, embeddings, pending);
  }
}

async function embedBatch(
  { db }: Pick<Deps, 'db'>,
  embeddings: TextEmbeddings,
  pending: readonly Pending[],
): Promise<void> {
  const words = new Map(
    (
      await readWords(
        db,
        pending.map(({ id }) => id),
      )
    ).map((entry) => [entry.id, entry.words]),
  );
  const passages = pending.map((each) => ({ ...each, text: passageOf(words.get(each.id)) }));
  const digestOf = ({ text }: Passage) =>
    createHash('sha256').update(`${embeddings.model}\n${text}`).digest('base64url');
  const [known, changed] = [
    passages.filter((passage) => passage.digest === digestOf(passage)),
    passages.filter((passage) => passage.digest !== digestOf(passage)),
  ];
  const vectors = await embedOrLeaveOut(embeddings, changed);
  await db.$transaction([
    db.$executeRaw`
      UPDATE text_vector v SET embedded_revision = k.revision
      FROM unnest(${known.map(({ id }) => id)}::text[], ${known.map(({ revision }) => revision)}::int[])
        AS k(id, revision) WHERE v.id = k.id`,
    ...changed.map((passage, at) => {
      const vector = vectors[at];
      const data = {
        model: embeddings.model,
        digest: digestOf(passage),
        vector: vector ? encodeVector(Float32Array.from(vector)) : null,
        embeddedRevision: passage.revision,
        storedAs: null,
      };
      return db.textVector.updateMany({ where: { id: passage.id }, data });
    }),
  ]);
}

/** What the server refuses has no vector until its words change; the rest of its batch does. */
async function embedOrLeaveOut(
  embeddings: TextEmbeddings,
  passages: readonly Passage[],
): Promise<(number[] | null)[]> {
  if (passages.length === 0) return [];
  try {
    return await embeddings.embed(
      passages.map(({ text }) => text),
      BATCH_MS,
    );
  } catch (err) {
    if (!(err instanceof TextEmbeddingsError) || !err.isRefusal) throw err;
    if (passages.length > 1) {
      const half = Math.ceil(passages.length / 2);
      const first = await embedOrLeaveOut(embeddings, passages.slice(0, half));
      return [...first, ...(await embedOrLeaveOut(embeddings, passages.slice(half)))];
    }
    logger.warn({ err, id: passages[0]?.id }, 'a text is refused by the server of text embeddings');
    return [null];
  }
}

/** What says most stands first, since models read beginnings. */
function passageOf(words: EntryWords | undefined): string {
  if (!words) return '';
  const { title, names, albums, topics, lyrics } = words;
  const parts = [title, [...new Set(names)].join(', '), albums.join(', '), topics.join(', '), lyrics ?? ''];
  return parts.filter(Boolean).join('\n').slice(0, MAX_TEXT);
}
