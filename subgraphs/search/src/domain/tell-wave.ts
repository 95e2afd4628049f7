import type { Transaction } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { WaveEvent } from '../wave/fold-session.ts';

/** Something that a wave is told. */
export interface Told {
  readonly waveId: string;
  readonly clientEventId: string;
  readonly seq: number;
  readonly type: WaveEvent['type'];
  readonly positionMs: number | null;
  readonly occurredAt?: Date | null;
  readonly data?: Prisma.InputJsonObject;
}

/** Writes down what a wave is told, in order; the caller holds its row. False for what was told before. */
export async function tellWave(
  tx: Transaction,
  { waveId, clientEventId, seq, type, positionMs, occurredAt = null, data }: Told,
): Promise<boolean> {
  const { _max } = await tx.waveFeedback.aggregate({ where: { waveId }, _max: { n: true } });
  const row = { waveId, clientEventId, seq, type, positionMs, occurredAt, n: (_max.n ?? 0) + 1 };
  const { count } = await tx.waveFeedback.createMany({
    data: { ...row, ...(data && { data }) },
    skipDuplicates: true,
  });
  return count === 1;
}
