import { typeOfId } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import { markDue } from '../collaborative/mark-due.ts';
import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { lockIds } from '../domain/lock-ids.ts';
import { Prisma } from '../generated/prisma/client.ts';
import { tasteOf } from './taste-sql.ts';

type TasteDeps = Pick<Deps, 'db'>;
/** What is said of one track; what is left out stays. */
interface Choice {
  readonly pickedAt?: Date | null;
  readonly pinnedAt?: Date | null;
  readonly forgottenAt?: Date | null;
}

/** What is pinned speaks in every wave: more would leave no room for what is not. */
const MAX_PINS = 20;
const MAX_PICKS = 20;

/** Makes a track count for the user's taste from now on, at full weight in each new wave, whatever is skipped. */
export async function pinAnchor({ db }: TasteDeps, userId: string, trackId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await beginChange(tx, userId);
    const [id = trackId] = await readPickable(tx, userId, [trackId], ['trackId']);
    const pinned = await tx.tasteChoice.count({
      where: { userId, pinnedAt: { not: null }, trackId: { not: id } },
    });
    if (pinned >= MAX_PINS)
      throw new UserError('BAD_USER_INPUT', `no more than ${MAX_PINS} can be pinned`, ['trackId']);
    await choose(tx, userId, id, { pinnedAt: new Date(), forgottenAt: null });
  });
}

/** What was a taste's before it was pinned goes on to be so. */
export async function unpinAnchor({ db }: TasteDeps, userId: string, trackId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await beginChange(tx, userId);
    const ids = await idsOf(tx, trackId);
    const { count } = await tx.tasteChoice.updateMany({
      where: { userId, trackId: { in: ids }, pinnedAt: { not: null } },
      data: { pinnedAt: null },
    });
    if (count === 0) throw new UserError('NOT_FOUND', 'nothing of yours is pinned by this id', ['trackId']);
  });
}

/** Keeps a track out of the user's taste, however often it is heard, until it is restored or liked anew. */
export async function forgetAnchor({ db }: TasteDeps, userId: string, trackId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await beginChange(tx, userId);
    const ids = await idsOf(tx, trackId);
    const [anchor] = await tx.$queryRaw<{ id: string }[]>`
      SELECT taste.track_id AS id FROM (${tasteOf(userId)}) taste WHERE taste.track_id = ANY (${ids})`;
    const known = await tx.tasteChoice.findFirst({
      where: { userId, trackId: { in: ids }, forgottenAt: { not: null } },
    });
    if (known) return;
    if (!anchor) throw new UserError('NOT_FOUND', 'your taste has no such track', ['trackId']);
    await choose(tx, userId, anchor.id, { forgottenAt: new Date(), pinnedAt: null });
    await leaveWaves(tx, userId, ids);
  });
}

/** Undoes `forgetAnchor`: the track counts as much as it did. */
export async function restoreAnchor({ db }: TasteDeps, userId: string, trackId: string): Promise<void> {
  await db.$transaction(async (tx) => {
    await beginChange(tx, userId);
    const ids = await idsOf(tx, trackId);
    const { count } = await tx.tasteChoice.updateMany({
      where: { userId, trackId: { in: ids }, forgottenAt: { not: null } },
      data: { forgottenAt: null },
    });
    if (count === 0) throw new UserError('NOT_FOUND', 'you have forgotten no such track', ['trackId']);
    await markDue(tx, trackId);
  });
}

/** Plants a taste: what was picked counts like what is liked. May be asked for again, and adds then. */
export async function startTaste(
  { db }: TasteDeps,
  userId: string,
  trackIds: readonly string[],
): Promise<void> {
  const wanted = [...new Set(trackIds)];
  if (wanted.length === 0 || wanted.length > MAX_PICKS)
    throw new UserError('BAD_USER_INPUT', `pick from 1 to ${MAX_PICKS} tracks`, ['trackIds']);
  await db.$transaction(async (tx) => {
    await beginChange(tx, userId);
    const at = new Date();
    for (const id of await readPickable(tx, userId, wanted, ['trackIds'])) {
      // oxlint-disable-next-line no-await-in-loop -- a few, in one transaction
      await choose(tx, userId, id, { pickedAt: at, forgottenAt: null });
    }
  });
}

async function choose(tx: Transaction, userId: string, trackId: string, choice: Choice): Promise<void> {
  await tx.tasteChoice.upsert({
    where: { userId_trackId: { userId, trackId } },
    create: { userId, trackId, ...choice },
    update: choice,
  });
  if (choice.forgottenAt !== undefined) await markDue(tx, trackId);
}

/** One change of a taste at a time; what was made of it beforehand is made anew, save for the list that holds for a week. */
async function beginChange(tx: Transaction, userId: string): Promise<void> {
  await lockIds(tx, [userId]);
  await tx.shelf.deleteMany({ where: { userId, kind: { not: 'DISCOVER_WEEKLY' } } });
}

/** The open tracks that these stand for, in their order; throws where one is none, or is refused by the user. */
async function readPickable(
  tx: Transaction,
  userId: string,
  trackIds: readonly string[],
  path: string[],
): Promise<string[]> {
  const rows = await tx.$queryRaw<{ named: string; id: string; isRefused: boolean }[]>`
    SELECT named.id AS named, t.id,
      EXISTS (
        SELECT FROM reaction r
        WHERE r.user_id = ${userId} AND r.track_id IN (named.id, t.id) AND r.reaction = 'DISLIKE')
      OR EXISTS (
        SELECT FROM blocked_artist b WHERE b.user_id = ${userId} AND b.artist_id = t.artist_id) AS "isRefused"
    FROM indexed_track named JOIN indexed_track t ON t.id = coalesce(named.merged_into_id, named.id)
    WHERE named.id = ANY (${[...trackIds]}) AND t.is_open`;
  const found = new Map(rows.map((row) => [row.named, row]));
  return trackIds.map((trackId) => {
    const row = found.get(trackId);
    if (!row) throw new UserError('NOT_FOUND', 'there is no such track', path);
    if (row.isRefused)
      throw new UserError('BAD_USER_INPUT', 'you dislike this track or have blocked its artist', path);
    return row.id;
  });
}

/** A track, the one that stands for it and those that it stands for. */
async function idsOf(tx: Transaction, trackId: string): Promise<string[]> {
  if (typeOfId(trackId) !== 'Track') throw new UserError('NOT_FOUND', 'there is no such track', ['trackId']);
  const rows = await tx.$queryRaw<{ id: string }[]>`
    SELECT other.id FROM indexed_track named
    JOIN indexed_track other ON other.id = coalesce(named.merged_into_id, named.id)
      OR other.merged_into_id = coalesce(named.merged_into_id, named.id)
    WHERE named.id = ${trackId}`;
  return [...new Set([trackId, ...rows.map(({ id }) => id)])];
}

/** Waves that are under way measure by it no more, made again from their log or not; what they have queued stays. */
async function leaveWaves(tx: Transaction, userId: string, trackIds: readonly string[]): Promise<void> {
  await tx.$executeRaw`
    UPDATE wave SET state = ${withoutAnchors('state', trackIds)},
      begun = CASE WHEN begun IS NOT NULL THEN ${withoutAnchors('begun', trackIds)} END
    WHERE user_id = ${userId} AND NOT is_ended`;
}

/** What a wave began from by the listener's own wish stays. */
function withoutAnchors(column: 'state' | 'begun', trackIds: readonly string[]): Prisma.Sql {
  const known = Prisma.raw(column);
  return Prisma.sql`jsonb_set(${known}, '{anchors}', (
    SELECT coalesce(jsonb_agg(a.anchor ORDER BY a.place), '[]')
    FROM jsonb_array_elements(${known} -> 'anchors') WITH ORDINALITY a (anchor, place)
    WHERE a.anchor ->> 'trackId' <> ALL (${[...trackIds]}) OR a.anchor ->> 'source' = 'SEED'))`;
}
