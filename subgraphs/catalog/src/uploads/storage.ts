import type { Database, Transaction } from '../database.ts';
import type { UploadPolicy } from '../domain/upload-policy.ts';

/** What the files of one user take; those on their way count as large as they were declared. */
export interface StorageUse {
  readonly usedBytes: number;
  readonly files: number;
  readonly openUploads: number;
}

const NOTHING: StorageUse = { usedBytes: 0, files: 0, openUploads: 0 };

/** By user, in one statement. Pictures count only until they are made: what is kept of them is small. */
export async function readStorage(
  db: Pick<Database | Transaction, '$queryRaw'>,
  ownerIds: readonly string[],
): Promise<StorageUse[]> {
  const rows = await db.$queryRaw<{ owner_id: string; used: bigint; files: bigint; open: bigint }[]>`
    SELECT owner_id,
      coalesce(sum(size_bytes) FILTER (WHERE status <> 'COMPLETED' OR purpose = 'AUDIO'), 0)::bigint AS used,
      count(*) FILTER (WHERE status = 'COMPLETED' AND purpose = 'AUDIO') AS files,
      count(*) FILTER (WHERE status <> 'COMPLETED') AS open
    FROM upload
    WHERE owner_id = ANY(${[...ownerIds]}::text[]) AND status IN ('PENDING', 'FETCHING', 'COMPLETED')
    GROUP BY owner_id`;
  const byOwner = new Map(
    rows.map(({ owner_id, used, files, open }) => [
      owner_id,
      { usedBytes: Number(used), files: Number(files), openUploads: Number(open) },
    ]),
  );
  return ownerIds.map((id) => byOwner.get(id) ?? NOTHING);
}

/** Two of one user's that take room wait for one another until their transactions end: both cannot take the last bytes. */
export async function lockStorage(tx: Transaction, ownerId: string): Promise<void> {
  await tx.$executeRaw`SELECT pg_advisory_xact_lock(hashtextextended(${ownerId}, 2))`;
}

/** How much more the files of a user may take. */
export function roomLeft({ quotaBytes }: UploadPolicy, { usedBytes }: StorageUse): number {
  return quotaBytes === null ? Infinity : Math.max(0, quotaBytes - usedBytes);
}
