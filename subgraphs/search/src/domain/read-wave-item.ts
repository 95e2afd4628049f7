import type { Deps } from '../context.ts';
import type { WaveItem } from '../models.ts';
import { toItem } from './follow-wave.ts';

/** An item of a user's wave, whatever has become of it since. */
export async function readWaveItem(
  { db }: Pick<Deps, 'db'>,
  userId: string,
  waveId: string,
  seq: number,
): Promise<WaveItem | null> {
  const wave = await db.wave.findUnique({ where: { id: waveId, userId }, select: { id: true } });
  const row = wave && (await db.waveItem.findUnique({ where: { waveId_seq: { waveId, seq } } }));
  return row && toItem(row);
}
