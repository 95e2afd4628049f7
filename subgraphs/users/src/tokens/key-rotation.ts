import { randomUUID } from 'node:crypto';

import { exportJWK, generateKeyPair, type JWK } from 'jose';

import type { Database } from '../database.ts';
import type { AuditAction } from '../domain/audit.ts';
import type { SigningKey } from '../generated/prisma/client.ts';
import { SETTINGS } from '../settings.ts';

type Tx = Pick<Database, '$executeRaw' | 'auditEntry' | 'signingKey'>;

export const ALGORITHM = 'RS256';
/** One lock for all processes that make keys. */
const LOCK = 7_311_301;
const DAY_MS = 86_400_000;

/** The first key of an empty table, which signs at once. */
export async function openFirstKey(db: Database): Promise<void> {
  await locked(db, async (tx) => {
    if ((await tx.signingKey.count()) === 0) await addKey(tx, new Date());
  });
}

/**
 * A new key, which is published at once and signs as soon as everybody who verifies can have it; one that waits for
 * that already will do. Tokens that were signed before stay good.
 */
export async function rotateKeys(db: Database): Promise<SigningKey> {
  return locked(db, async (tx) => {
    const now = new Date();
    const waiting = await tx.signingKey.findFirst({ where: { activeAt: { gt: now } } });
    return waiting ?? succeed(tx, new Date(now.getTime() + SETTINGS.signingKeyWaitMs));
  });
}

/**
 * For when a key may be known to others: a new one signs at once, and access tokens of all others are worth nothing.
 * Clients get new ones by refreshing, which no signing key is needed for.
 */
export async function replaceKeys(db: Database): Promise<SigningKey> {
  return locked(db, async (tx) => {
    const others = await tx.signingKey.findMany();
    for (const other of others) await retire(tx, other);
    return succeed(tx, new Date());
  });
}

/** Rotates once the youngest key is so many days old. */
export async function rotateWhenDue(db: Database, days: number): Promise<void> {
  const youngest = await db.signingKey.findFirst({ orderBy: { activeAt: 'desc' } });
  if (youngest && Date.now() - youngest.activeAt.getTime() > days * DAY_MS) await rotateKeys(db);
}

/** Takes the private halves of keys away that no good token is signed with any more. */
export async function retireKeys(db: Database): Promise<void> {
  const since = new Date(Date.now() - SETTINGS.accessTokenMs - SETTINGS.clockSkewMs);
  const successor = await db.signingKey.findFirst({
    where: { activeAt: { lte: since } },
    orderBy: { activeAt: 'desc' },
  });
  if (!successor) return;
  const older = await db.signingKey.findMany({ where: { activeAt: { lt: successor.activeAt } } });
  for (const row of older) if (!isRetired(row)) await retire(db, row);
}

/** Nothing can be signed with it any more. */
export function isRetired({ privateJwk }: Pick<SigningKey, 'privateJwk'>): boolean {
  return (privateJwk as JWK).d === undefined;
}

export function publicHalf({
  kid,
  privateJwk,
}: Pick<SigningKey, 'kid' | 'privateJwk'>): JWK & { kid: string } {
  const { kty, n, e } = privateJwk as { kty: string; n: string; e: string };
  return { kty, n, e, kid, alg: ALGORITHM, use: 'sig' };
}

async function retire(tx: Pick<Database, 'signingKey'>, { kid, privateJwk }: SigningKey): Promise<void> {
  const { kty, n, e } = publicHalf({ kid, privateJwk });
  await tx.signingKey.update({ where: { kid }, data: { privateJwk: { kty, n, e } } });
}

async function addKey(tx: Tx, activeAt: Date): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair(ALGORITHM, { modulusLength: 2048, extractable: true });
  const kid = randomUUID();
  const privateJwk = { ...(await exportJWK(privateKey)) };
  return tx.signingKey.create({ data: { kid, activeAt, privateJwk } });
}

async function succeed(tx: Tx, activeAt: Date): Promise<SigningKey> {
  const key = await addKey(tx, activeAt);
  const details = { kid: key.kid, activeAt: activeAt.toISOString() };
  const action: AuditAction = 'signing-key.rotated';
  await tx.auditEntry.create({ data: { action, outcome: 'OK', details } });
  return key;
}

function locked<Result>(db: Database, run: (tx: Tx) => Promise<Result>): Promise<Result> {
  return db.$transaction(async (tx) => {
    await tx.$executeRaw`SELECT pg_advisory_xact_lock(${LOCK})`;
    return run(tx);
  });
}
