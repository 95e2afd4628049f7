import { JobError } from '@volna/platform/job-progress';
import { logger } from '@volna/platform/log';
import { ObjectNotFoundError, type Objects } from '@volna/platform/objects';

/** Writes what a job is about to a file. */
export async function fetchOriginal(objects: Objects, key: string, file: string): Promise<void> {
  try {
    await objects.getFile(key, file);
  } catch (err) {
    if (!(err instanceof ObjectNotFoundError)) throw err;
    throw new JobError('ORIGINAL_MISSING', 'the uploaded file is gone', false, { cause: err });
  }
}

/** The prefix is one try's own. What cannot be deleted now is left to the janitor. */
export async function discard(objects: Objects, prefix: string): Promise<void> {
  try {
    await objects.delete(await objects.list(`${prefix}/`));
  } catch (err) {
    logger.warn({ err, prefix }, 'objects of a failed try are left');
  }
}
