import { UserError } from '@volna/platform/errors';

import type { Deps } from '../context.ts';
import type { Transaction } from '../database.ts';
import type { Prisma } from '../generated/prisma/client.ts';
import type { Upload } from '../models.ts';
import { lockStorage, readStorage, roomLeft } from './storage.ts';

type Row = Omit<Prisma.UploadUncheckedCreateInput, 'sizeBytes' | 'expiresAt'>;

/** How much an upload needs, told how much room there is; or the input that a lack of it is about. */
export interface Reservation {
  readonly sizeBytes: (left: number) => number;
  readonly path: string;
}

/**
 * Makes the row of a new upload, and so reserves its bytes, unless its owner has too many open or no room for it. Two
 * of one user's wait for one another: both cannot take the last bytes. `more` runs in the same transaction.
 */
export async function reserveUpload(
  { db, policy }: Pick<Deps, 'db' | 'policy'>,
  row: Row,
  { sizeBytes: wanted, path }: Reservation,
  more: (tx: Transaction, upload: Upload) => Promise<void> = async () => undefined,
): Promise<Upload> {
  return db.$transaction(async (tx) => {
    await lockStorage(tx, row.ownerId);
    const [use] = await readStorage(tx, [row.ownerId]);
    if (!use) throw new Error('no count of what is stored');
    if (use.openUploads >= policy.maxOpenUploads) {
      const message = `up to ${policy.maxOpenUploads} uploads may be open; complete or cancel some`;
      throw new UserError('TOO_MANY_UPLOADS', message);
    }
    const left = roomLeft(policy, use);
    const sizeBytes = wanted(left);
    if (sizeBytes > left || left <= 0) {
      const message = `your files may take ${policy.quotaBytes} bytes; ${left} are left`;
      throw new UserError('QUOTA_EXCEEDED', message, [path]);
    }
    const expiresAt = new Date(Date.now() + policy.expiresAfterSeconds * 1000);
    const upload = await tx.upload.create({ data: { ...row, sizeBytes, expiresAt } });
    await more(tx, upload);
    return upload;
  });
}
