import type { Context } from '../context.ts';
import type { Upload } from '../models.ts';
import { readId } from './read-id.ts';

/** An upload of the viewer's own; any other is not there. */
export async function findUpload({ db, viewer }: Context, rawId: string): Promise<Upload | null> {
  const id = readId('Upload', rawId);
  if (!id || !viewer) return null;
  return db.upload.findFirst({ where: { id, ownerId: viewer.userId } });
}
