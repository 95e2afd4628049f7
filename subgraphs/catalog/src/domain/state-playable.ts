import { type DataOf, trackPlayable } from '@volna/events';
import { outboxRow } from '@volna/platform/outbox';

import type { Transaction } from '../database.ts';
import type { Track, Upload } from '../models.ts';

type Media = Pick<DataOf<typeof trackPlayable>, 'hlsPrefix' | 'renditions' | 'durationMs'> &
  Partial<DataOf<typeof trackPlayable>>;

/** Tells the other services what of a track can be played now. */
export async function statePlayable(
  tx: Pick<Transaction, 'outbox'>,
  { id: trackId, ownerId }: Track,
  upload: Upload,
  { hlsPrefix, renditions, lossless, gapless, durationMs, loudnessLufs, truePeakDbtp, isGrowing }: Media,
): Promise<void> {
  const fact = trackPlayable.data.parse({
    trackId,
    ownerId,
    isGrowing,
    hlsPrefix,
    renditions,
    lossless,
    gapless,
    loudnessLufs,
    truePeakDbtp,
    originalKey: upload.objectKey,
    originalName: upload.filename,
    originalBytes: Number(upload.sizeBytes),
    durationMs,
  });
  await tx.outbox.create({ data: outboxRow(trackPlayable, fact) });
}
