import { createHash } from 'node:crypto';

import { z } from 'zod';

import type { Deps } from '../context.ts';
import { TASTE_SOURCES } from '../wave/state.ts';

export type ShelfKind = 'DISCOVER_WEEKLY' | 'BECAUSE_YOU_LISTENED' | 'DAILY_MIX';

/** Why a track is on a shelf: ids and numbers; titles are read when it is shown, so that what was hidden is not named. */
const ShelfReason = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('LIKED'),
    anchorId: z.string(),
    source: z.enum(TASTE_SOURCES),
    similarity: z.number(),
  }),
  z.object({ kind: z.literal('LISTENERS'), anchorId: z.string(), support: z.number() }),
  z.object({ kind: z.literal('POPULAR') }),
  z.object({ kind: z.literal('FRESH') }),
]);
export type ShelfReason = z.infer<typeof ShelfReason>;

const StoredItem = z.object({ trackId: z.string(), reason: ShelfReason });
export type StoredItem = z.infer<typeof StoredItem>;

/** One list or several of a kind; `anchorId` is the track that a whole list is about. */
const ShelfContent = z.array(z.object({ anchorId: z.string().nullable(), items: z.array(StoredItem) }));
export type ShelfContent = z.infer<typeof ShelfContent>;

export interface StoredShelf {
  readonly content: ShelfContent;
  readonly madeAt: Date;
  readonly expiresAt: Date;
}

/** Null for what was never made, is over, or was made by another release in a way that this one cannot read. */
export async function readStored(
  { db }: Pick<Deps, 'db'>,
  userId: string,
  kind: ShelfKind,
  now: Date,
): Promise<StoredShelf | null> {
  const row = await db.shelf.findUnique({ where: { userId_kind: { userId, kind } } });
  if (!row || row.expiresAt <= now) return null;
  const content = ShelfContent.safeParse(row.content);
  return content.success ? { content: content.data, madeAt: row.madeAt, expiresAt: row.expiresAt } : null;
}

/** The tracks of the last one of a kind, over or not. */
export async function readLastTracks(
  { db }: Pick<Deps, 'db'>,
  userId: string,
  kind: ShelfKind,
): Promise<Set<string>> {
  const row = await db.shelf.findUnique({ where: { userId_kind: { userId, kind } } });
  const lists = ShelfContent.safeParse(row?.content).data ?? [];
  return new Set(lists.flatMap(({ items }) => items.map(({ trackId }) => trackId)));
}

/** Of two that were made at once the first is kept, and given to both. */
export async function keepShelf(
  deps: Pick<Deps, 'db'>,
  userId: string,
  kind: ShelfKind,
  { content, madeAt, expiresAt }: StoredShelf,
): Promise<StoredShelf> {
  await deps.db.$executeRaw`
    INSERT INTO shelf (user_id, kind, content, made_at, expires_at)
    VALUES (${userId}, ${kind}, ${JSON.stringify(content)}::jsonb, ${madeAt}, ${expiresAt})
    ON CONFLICT (user_id, kind) DO UPDATE SET
      content = excluded.content, made_at = excluded.made_at, expires_at = excluded.expires_at
    WHERE shelf.expires_at <= ${madeAt}`;
  return (await readStored(deps, userId, kind, madeAt)) ?? { content, madeAt, expiresAt };
}

/** The same until it is made anew; says nothing of whose it is. */
export function shelfId(userId: string, kind: ShelfKind, index: number, madeAt: Date): string {
  const words = `${userId} ${kind} ${index} ${madeAt.toISOString()}`;
  return createHash('sha256').update(words).digest('hex').slice(0, 32);
}
