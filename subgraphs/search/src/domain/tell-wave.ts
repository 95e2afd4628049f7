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
  const json = data === undefined ? null : JSON.stringify(data);
  const told = await tx.$executeRaw`
    INSERT INTO wave_feedback (wave_id, client_event_id, seq, type, position_ms, occurred_at, data, n)
    SELECT ${waveId}, ${clientEventId}, ${seq}, ${type}, ${positionMs}::int, ${occurredAt}::timestamptz, ${json}::jsonb,
      coalesce(max(n), 0) + 1 FROM wave_feedback WHERE wave_id = ${waveId}
    ON CONFLICT DO NOTHING`;
  return told === 1;
}
