import { type coverMade, type DataOf, typeOfId, UserId } from '@volna/events';
import { z } from 'zod';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { finishJob } from '../domain/finish-job.ts';
import { keepOnlyTry, removeTry } from '../domain/job-folder.ts';
import type { Upload } from '../models.ts';
import { endUpload } from '../uploads/reject-upload.ts';
import { signalUpload } from '../uploads/signal-upload.ts';
import type { CoverTarget } from './find-cover-target.ts';
import { removeReplaced, type Replaced, setCover } from './set-cover.ts';

type Made = DataOf<typeof coverMade>;

const GONE = { code: 'NOT_FOUND', message: 'what the picture is of is gone' };
const Intent = z.object({ ownerId: UserId });

/** Shows a picture whose sizes have been made, in the place of the one before. A second delivery changes nothing. */
export async function storeCover(deps: Deps, event: Made): Promise<void> {
  const { jobId, attempt } = event;
  const stored = await deps.db.$transaction(async (tx) => {
    const job = await finishJob(tx, event);
    const upload = job && (await tx.upload.findFirst({ where: { id: job.uploadId, status: 'FETCHING' } }));
    return upload ? { upload, replaced: await show(tx, upload, event) } : null;
  });
  if (stored) {
    deps.wake();
    signalUpload(deps, stored.upload.id);
    // the picture as it came may tell where it was taken
    await deps.objects.delete([stored.upload.objectKey]);
    if (stored.replaced) await removeReplaced(deps, stored.replaced);
  }
  const job = await deps.db.job.findUnique({ where: { id: jobId }, include: { upload: true } });
  if (!job) return;
  const hasWon = job.state === 'SUCCEEDED' && job.attempt === attempt && job.upload.status === 'COMPLETED';
  if (hasWon) await keepOnlyTry(deps.objects, job);
  else await removeTry(deps.objects, { ...job, attempt });
}

async function show(tx: Transaction, upload: Upload, { images }: Made): Promise<Replaced | null> {
  const target = await targetOf(tx, upload);
  const replaced = target && (await setCover(tx, target, images, upload.id));
  if (!target || !replaced) {
    await endUpload(tx, upload.id, GONE);
    return null;
  }
  const largest = images.find(({ size }) => size === 'LARGE') ?? images[0];
  await tx.upload.update({
    where: { id: upload.id },
    data: {
      status: 'COMPLETED',
      intent: {},
      // from now on it is part of what it shows, and goes with that
      ownerId: target.ownerId,
      filename: 'cover.webp',
      contentType: 'image/webp',
      ...(largest ? { objectKey: largest.key } : {}),
    },
  });
  return replaced;
}

async function targetOf(tx: Transaction, { targetId, intent }: Upload): Promise<CoverTarget | null> {
  const id = targetId ?? '';
  const type = typeOfId(id);
  if (type === 'Track' || type === 'Artist') {
    const thing =
      type === 'Track'
        ? await tx.track.findUnique({ where: { id }, select: { ownerId: true } })
        : await tx.artist.findUnique({ where: { id }, select: { ownerId: true } });
    return thing && { type, id, ownerId: thing.ownerId };
  }
  return { type: 'Collection', id, ownerId: Intent.parse(intent).ownerId };
}
