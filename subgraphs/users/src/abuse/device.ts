import type { Caller } from '@volna/platform/identity';

import type { Database } from '../database.ts';
import { hashSecret } from '../tokens/secret.ts';

/**
 * What tells a client's device from others: SHA-256 of the family of its program, its first language and the name that
 * it calls itself. Versions are left out, so that an update is no new device. It is a hint and proves nothing.
 */
export function fingerprintOf({ userAgent, acceptLanguage = '', clientName = '' }: Caller): string {
  const family = userAgent.replaceAll(/\d[\d._]*/g, '');
  const language = /^[A-Za-z]*/.exec(acceptLanguage.trim())?.[0].toLowerCase();
  return hashSecret(JSON.stringify([family, language, clientName]));
}

/** Notes that an account was signed in to from a device. */
export async function rememberDevice(
  tx: Pick<Database, 'device'>,
  userId: string,
  fingerprint: string,
): Promise<void> {
  await tx.device.upsert({
    where: { userId_fingerprint: { userId, fingerprint } },
    create: { userId, fingerprint },
    update: { lastSeenAt: new Date() },
  });
}
