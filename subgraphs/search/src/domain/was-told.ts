import type { Transaction } from '../database.ts';
import type { WaveItem } from '../generated/prisma/client.ts';
import type { FeedbackType } from '../wave/fold-session.ts';

export const isOver = ({ state }: Pick<WaveItem, 'state'>): boolean =>
  state === 'FINISHED' || state === 'SKIPPED';

/**
 * Whether an item has become this already: who says so again, by whatever event, says nothing new. What was undone
 * elsewhere meanwhile may be said again.
 */
export async function wasTold(
  tx: Transaction,
  userId: string,
  item: WaveItem,
  artistId: string | null,
  type: FeedbackType,
): Promise<boolean> {
  if (type === 'REPLAYED') return false;
  if (type === 'FINISHED' || type === 'SKIPPED') return isOver(item);
  if (type === 'STARTED') return isOver(item) || item.state === 'STARTED';
  const { waveId, seq, trackId } = item;
  const told = await tx.waveFeedback.findFirst({ where: { waveId, seq, type }, select: { type: true } });
  if (!told || type === 'NOT_NOW') return told !== null;
  if (type === 'BLOCK_ARTIST')
    return artistId !== null && (await tx.blockedArtist.count({ where: { userId, artistId } })) > 0;
  const said = await tx.reaction.findUnique({ where: { userId_trackId: { userId, trackId } } });
  return said?.reaction === (type === 'LIKED' ? 'LIKE' : 'DISLIKE');
}
