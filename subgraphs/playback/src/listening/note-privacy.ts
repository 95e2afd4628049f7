import type { DataOf, privateListeningSet } from '@volna/events';

import type { Database } from '../database.ts';

/** Notes whether somebody wants to listen unnamed, unless something later has been said. */
export async function notePrivacy(
  tx: Pick<Database, 'listener' | 'privateListening'>,
  { userId, isPrivate }: DataOf<typeof privateListeningSet>,
  at: string,
): Promise<void> {
  await tx.listener.createMany({ data: [{ userId }], skipDuplicates: true });
  await tx.listener.updateMany({
    where: { userId, OR: [{ privateAt: null }, { privateAt: { lte: at } }] },
    data: { isPrivate, privateAt: at },
  });
  if (!isPrivate) await tx.privateListening.deleteMany({ where: { userId } });
}
