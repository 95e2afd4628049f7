import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { WaveItem } from '../generated/prisma/client.ts';
import { decodeVector } from '../ranking/vector.ts';
import { Decision } from '../wave/decision.ts';
import { learn } from '../wave/fold-session.ts';
import { countsOnItsOwn, isSeeking, SEEKING_RUN } from '../wave/seeking.ts';
import { CREDIT_HALF_LIFE_DAYS } from '../wave/signals.ts';
import type { AnchorState } from '../wave/state.ts';
import { ANCHOR_WEIGHT } from './note-reaction.ts';
import { noteSignals } from './note-signal.ts';
import { rebuildState, vectorsOf } from './rebuild-state.ts';
import type { Feedback, ReactedTrack } from './take-feedback.ts';
import type { WaveSession } from './wave-session.ts';
import { withoutBlocked } from './without-blocked.ts';

/** Changes of weight by less, up or down, are of drift alone. */
const CREDIT_FROM = 0.02;

/** What the session knows after this; what it has learned of the user's anchors serves the next wave too, unless secret. */
export async function learnFeedback(
  { trackMemory }: Pick<Deps, 'trackMemory'>,
  session: WaveSession,
  item: WaveItem,
  track: ReactedTrack,
  feedback: Feedback,
  isSecret: boolean,
): Promise<WaveSession> {
  const { tx, wave, state } = session;
  const lately = await tx.waveFeedback.findMany({
    where: { waveId: wave.id, type: { not: 'STARTED' } },
    orderBy: { n: 'desc' },
    take: SEEKING_RUN,
    select: { type: true, positionMs: true },
  });
  // the skips before it have become those of somebody who looks for something
  if (isSeeking(lately.toReversed())) return { ...session, state: await rebuildState(tx, wave) };
  const known = await trackMemory.readAll(tx, [...state.anchors.map(({ trackId }) => trackId), track.id]);
  const event = {
    type: feedback.type,
    seq: item.seq,
    positionMs: feedback.positionMs,
    durationMs: track.durationMs,
    heard: {
      trackId: track.id,
      artistId: track.artistId,
      vector: track.embedding && decodeVector(track.embedding),
      reason: Decision.parse(item.reason),
    },
    wasOver: item.state === 'FINISHED' || item.state === 'SKIPPED',
    dropped: [],
  };
  const learned = learn(state, event, vectorsOf(known));
  if (!isSecret && countsOnItsOwn(lately)) await keepCredit(session, learned.anchors, feedback);
  // the artist is blocked already
  const kept = feedback.type === 'BLOCK_ARTIST' ? await withoutBlocked(tx, wave.userId, learned) : learned;
  return { ...session, state: kept };
}

async function keepCredit(
  { tx, wave, state }: WaveSession,
  after: readonly AnchorState[],
  { clientEventId, occurredAt }: Feedback,
): Promise<void> {
  const before = new Map(state.anchors.map((anchor) => [anchor.trackId, anchor]));
  const at = occurredAt ?? new Date();
  const credits = after.flatMap(({ trackId, source, weight }) => {
    const known = before.get(trackId);
    if (!known || source === 'SEED' || known.source !== source) return [];
    const value = Math.log(weight / known.weight);
    if (!(Math.abs(value) >= CREDIT_FROM)) return [];
    const id = `credit:${wave.id}:${clientEventId}:${trackId}`;
    return [{ id, userId: wave.userId, trackId, kind: 'CREDIT' as const, source: 'WAVE', at, value }];
  });
  await noteSignals(tx, credits);
  await weighAnchors(
    tx,
    wave.userId,
    credits.map(({ trackId }) => trackId),
  );
}

/** Makes the weights of anchors what the log says. */
export async function weighAnchors(
  tx: Transaction,
  userId: string,
  trackIds: readonly string[],
): Promise<void> {
  await tx.$executeRaw`
    UPDATE taste_anchor a SET weight =
      CASE a.source WHEN 'LIKED' THEN ${ANCHOR_WEIGHT.LIKED}::float8
        WHEN 'ADDED' THEN ${ANCHOR_WEIGHT.ADDED}::float8 ELSE ${ANCHOR_WEIGHT.FINISHED}::float8 END
      * least(1.3, greatest(0.05, exp(said.credit)))
    FROM (
      SELECT s.track_id, sum(s.value * 0.5 ^ (
        greatest(0, extract(epoch FROM now() - s.at)) / 86400 / ${CREDIT_HALF_LIFE_DAYS})::float8) AS credit
      FROM taste_signal s
      WHERE s.user_id = ${userId} AND s.kind = 'CREDIT' AND s.track_id = ANY (${[...trackIds]}::text[])
      GROUP BY s.track_id
    ) said
    WHERE a.user_id = ${userId} AND a.track_id = said.track_id`;
}
