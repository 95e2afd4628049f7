import type { Objects } from '@volna/platform/objects';

import type { Job } from '../models.ts';

type Owner = Pick<Job, 'trackId' | 'uploadId'> & Partial<Pick<Job, 'kind'>>;

/**
 * Where everything lies that was made from a track, from an uploaded picture, or from what is no track: a clip that is
 * only searched by, and a file that was fetched.
 */
export function folderOf({ kind, trackId, uploadId }: Owner): string {
  if (kind === 'cover') return `covers/${uploadId}/`;
  return trackId ? `tracks/${trackId}/` : `clips/${uploadId}/`;
}

/** The folder that one try alone writes to, without a slash at its end. */
export function folderOfTry(job: Owner & Pick<Job, 'id' | 'attempt'>): string {
  return `${folderOf(job)}${job.id}-${job.attempt}`;
}

/** Removes what a try has written. */
export async function removeTry(objects: Objects, job: Owner & Pick<Job, 'id' | 'attempt'>): Promise<void> {
  await removeFolder(objects, `${folderOfTry(job)}/`);
}

/** Removes what the other tries of a job have written. */
export async function keepOnlyTry(objects: Objects, job: Owner & Pick<Job, 'id' | 'attempt'>): Promise<void> {
  const all = await objects.list(`${folderOf(job)}${job.id}-`);
  const others = all.filter((key) => !key.startsWith(`${folderOfTry(job)}/`));
  if (others.length > 0) await objects.delete(others);
}

/** Gives how many objects were in it. */
export async function removeFolder(objects: Objects, prefix: string): Promise<number> {
  const keys = await objects.list(prefix);
  if (keys.length > 0) await objects.delete(keys);
  return keys.length;
}
