import { ArtistId, type DataOf, type fileFetched } from '@volna/events';
import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import { checkAlbum, createTrack, Description, ownArtist } from '../domain/describe-upload.ts';
import { cleanFilename } from '../domain/file-name.ts';
import { finishTogether } from '../domain/finish-job.ts';
import { folderOfTry, keepOnlyTry, removeTry } from '../domain/job-folder.ts';
import { sniffFamily } from '../domain/sniff-type.ts';
import { extensionOf, familyOf, familyOfType } from '../domain/upload-policy.ts';
import type { Job, Upload } from '../models.ts';
import { forgetUrl, rejectUpload } from './reject-upload.ts';
import { signalUpload } from './signal-upload.ts';

type Fetched = DataOf<typeof fileFetched>;

const Intent = Description.extend({ artistId: ArtistId });

/** Makes tracks of files that have been fetched, as `completeUpload` does. A second delivery changes nothing. */
export function createStoreFetched(deps: Deps): (event: Fetched) => Promise<void> {
  const finish = finishTogether(deps.db, noteFile);
  return async (event) => {
    await finish(event);
    await takeFetched(deps, event);
  };
}

async function takeFetched(deps: Deps, { jobId, attempt }: Fetched): Promise<void> {
  const job = await deps.db.job.findUnique({ where: { id: jobId }, include: { upload: true } });
  if (!job) return;
  const hasWon = job.state === 'SUCCEEDED' && job.attempt === attempt;
  if (!hasWon || job.upload.status === 'REJECTED') return removeTry(deps.objects, { ...job, attempt });
  if (job.upload.status === 'FETCHING') await takeIn(deps, job.upload);
  await keepOnlyTry(deps.objects, job);
}

async function noteFile(tx: Transaction, job: Job, { bytes, filename, contentType }: Fetched): Promise<void> {
  await tx.upload.updateMany({
    where: { id: job.uploadId, status: 'FETCHING' },
    data: {
      objectKey: `${folderOfTry(job)}/original`,
      sizeBytes: bytes,
      receivedBytes: bytes,
      filename: cleanFilename(filename),
      contentType,
    },
  });
}

async function takeIn(deps: Deps, upload: Upload): Promise<void> {
  try {
    const filename = await nameByBytes(deps, upload);
    const { artistId, ...description } = Intent.parse(upload.intent);
    const owner = { userId: upload.ownerId };
    await ownArtist(deps, owner, artistId);
    await checkAlbum(deps, owner, description.albumId);
    await deps.db.$transaction(async (tx) => {
      if (!(await createTrack(deps, tx, { ...upload, filename }, artistId, description))) return;
      await tx.upload.update({ where: { id: upload.id }, data: { filename } });
      await forgetUrl(tx, upload.id);
    });
    deps.wake();
    signalUpload(deps, upload.id);
  } catch (err) {
    if (!(err instanceof UserError)) throw err;
    await rejectUpload(deps, upload, err);
  }
}

/** The bytes decide what a file is; what the server calls it may be vague, but not something else. */
async function nameByBytes({ objects }: Deps, upload: Upload): Promise<string> {
  const { objectKey, sizeBytes, filename, contentType } = upload;
  const found = await sniffFamily(objects, objectKey, Number(sizeBytes));
  if (found === null) throw new UserError('UNSUPPORTED_TYPE', 'the file is no audio file that is taken here');
  const declared = familyOfType(contentType);
  if (declared !== null && declared !== found) {
    throw new UserError('UNSUPPORTED_TYPE', 'the file is not of the type that its server states');
  }
  return familyOf(filename, 'application/octet-stream') === found
    ? filename
    : `${filename}.${extensionOf(found)}`;
}
