import type {
  DataOf,
  moderationDecided,
  trackDeleted,
  trackOpennessChanged,
  trackPlayable,
} from '@volna/events';

import type { Database } from '../database.ts';
import { Prisma } from '../generated/prisma/client.ts';

type Tx = Pick<Database, 'playableTrack'>;

/** Notes where a track's renditions are; a later try replaces an earlier one's, but what is whole only by what is whole. */
export async function notePlayable(tx: Tx, event: DataOf<typeof trackPlayable>): Promise<void> {
  const { trackId: id, lossless, gapless, loudnessLufs, truePeakDbtp, isGrowing = false, ...stored } = event;
  const media = {
    ...stored,
    isGrowing,
    lossless: lossless ?? Prisma.DbNull,
    gapless: gapless ?? Prisma.DbNull,
    loudnessLufs: loudnessLufs ?? null,
    truePeakDbtp: truePeakDbtp ?? null,
  };
  if (!isGrowing) {
    await tx.playableTrack.upsert({ where: { id }, create: { id, ...media }, update: media });
    return;
  }
  await tx.playableTrack.createMany({ data: [{ id, ...media }], skipDuplicates: true });
  const whole = { hlsPrefix: { not: null }, isGrowing: false };
  await tx.playableTrack.updateMany({ where: { id, NOT: whole }, data: media });
}

/** Opens a track to every listener or closes it, unless something later has been said. */
export async function noteOpenness(tx: Tx, event: DataOf<typeof trackOpennessChanged>): Promise<void> {
  const { trackId: id, ownerId, isOpen, mergedIntoId, seq } = event;
  await tx.playableTrack.createMany({ data: [{ id, ownerId }], skipDuplicates: true });
  await tx.playableTrack.updateMany({
    where: { id, opennessSeq: { lt: seq } },
    data: { ownerId, isOpen, mergedIntoId, opennessSeq: seq, accessAt: new Date() },
  });
}

/** One that is taken down is nobody's to hear, not even its owner's. */
export async function noteDecision(tx: Tx, event: DataOf<typeof moderationDecided>): Promise<void> {
  const { targetType, targetId: id, ownerId, state, at } = event;
  if (targetType !== 'TRACK') return;
  await tx.playableTrack.createMany({ data: [{ id, ownerId }], skipDuplicates: true });
  await tx.playableTrack.updateMany({
    where: { id, OR: [{ moderatedAt: null }, { moderatedAt: { lt: at } }] },
    data: { moderation: state, moderatedAt: at, accessAt: new Date() },
  });
}

/** Closes a track for good, whatever is told of it later. */
export async function noteDeleted(tx: Tx, event: DataOf<typeof trackDeleted>): Promise<void> {
  const { trackId: id, ownerId } = event;
  await tx.playableTrack.upsert({
    where: { id },
    create: { id, ownerId, deleted: true, accessAt: new Date() },
    update: { deleted: true, accessAt: new Date() },
  });
}
