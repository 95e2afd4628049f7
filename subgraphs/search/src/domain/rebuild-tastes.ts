import type { Database, Transaction } from '../database.ts';
import type { Signal } from '../wave/signals.ts';
import { weighAnchors } from './learn-feedback.ts';
import { ANCHOR_WEIGHT } from './note-reaction.ts';

const TRANSACTION = { maxWait: 5_000, timeout: 10 * 60_000 } as const;

/** Makes what is known of everybody's taste from its log, where it was lost: a start without it finds it again. */
export async function rebuildLostTastes(db: Database): Promise<void> {
  const [known, told] = [await db.tasteAnchor.findFirst(), await db.tasteSignal.findFirst()];
  if (!known && told) await db.$transaction(rebuildTastes, TRANSACTION);
}

async function rebuildTastes(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO reaction (user_id, track_id, reaction, at)
    SELECT DISTINCT ON (user_id, track_id) user_id, track_id,
      CASE kind WHEN 'LIKED' THEN 'LIKE' WHEN 'DISLIKED' THEN 'DISLIKE' ELSE 'NONE' END, at
    FROM taste_signal WHERE kind IN ('LIKED', 'DISLIKED', 'UNLIKED')
    ORDER BY user_id, track_id, at DESC
    ON CONFLICT DO NOTHING`;
  await tx.$executeRaw`
    INSERT INTO listen (user_id, track_id, last_at, finishes, skips)
    SELECT user_id, track_id, max(at), count(*) FILTER (WHERE kind IN ('FINISHED', 'REPLAYED')),
      count(*) FILTER (WHERE kind IN ('SKIPPED', 'SKIPPED_EARLY', 'MOSTLY_HEARD'))
    FROM taste_signal
    WHERE kind IN ('STARTED', 'FINISHED', 'REPLAYED', 'SKIPPED', 'SKIPPED_EARLY', 'MOSTLY_HEARD')
    GROUP BY user_id, track_id
    ON CONFLICT DO NOTHING`;
  await rebuildAnchors(tx);
  const users = await tx.tasteAnchor.groupBy({ by: ['userId'] });
  for (const { userId } of users) {
    // oxlint-disable-next-line no-await-in-loop -- one listener after the other
    const anchors = await tx.tasteAnchor.findMany({ where: { userId }, select: { trackId: true } });
    // oxlint-disable-next-line no-await-in-loop
    await weighAnchors(
      tx,
      userId,
      anchors.map(({ trackId }) => trackId),
    );
  }
}

/** What is liked, and what was put on a playlist or heard out since a liking was last taken back. */
async function rebuildAnchors(tx: Transaction): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO taste_anchor (user_id, track_id, source, weight, at)
    SELECT user_id, track_id, 'LIKED', ${ANCHOR_WEIGHT.LIKED}, at FROM reaction WHERE reaction = 'LIKE'
    ON CONFLICT DO NOTHING`;
  await addAnchors(tx, 'ADDED', ['ADDED']);
  await addAnchors(tx, 'FINISHED', ['FINISHED', 'REPLAYED']);
}

async function addAnchors(tx: Transaction, source: 'ADDED' | 'FINISHED', kinds: Signal[]): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO taste_anchor (user_id, track_id, source, weight, at)
    SELECT s.user_id, s.track_id, ${source}, ${ANCHOR_WEIGHT[source]}, min(s.at)
    FROM taste_signal s LEFT JOIN reaction r ON r.user_id = s.user_id AND r.track_id = s.track_id
    WHERE s.kind = ANY (${kinds}) AND r.reaction IS DISTINCT FROM 'DISLIKE'
      AND (r.reaction IS DISTINCT FROM 'NONE' OR s.at > r.at)
    GROUP BY s.user_id, s.track_id
    ON CONFLICT DO NOTHING`;
}
