import { UserError } from '@volna/platform/errors';

import { Prisma } from '../generated/prisma/client.ts';
import type { Tx } from '../transaction.ts';

/** What is wrong with a UPC: another album of the owner's has it. */
export async function upcErrors(
  tx: Pick<Tx, 'album'>,
  ownerId: string,
  upc: string | null | undefined,
  ownId?: string,
): Promise<UserError[]> {
  if (upc == null) return [];
  const other = await tx.album.findUnique({ where: { ownerId_upc: { ownerId, upc } } });
  if (!other || other.id === ownId) return [];
  return [new UserError('UPC_TAKEN', `the album “${other.title}” (${other.id}) has this UPC`, ['upc'])];
}

/** Another album may get the UPC between the look and the change: then the database refuses. */
export function tellUpcTaken(err: unknown): never {
  const isTaken = err instanceof Prisma.PrismaClientKnownRequestError && err.code === 'P2002';
  if (isTaken) throw new UserError('UPC_TAKEN', 'another album of yours has this UPC', ['upc']);
  throw err;
}
