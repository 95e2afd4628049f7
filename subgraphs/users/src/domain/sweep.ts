import type { Deps } from '../context.ts';
import { SETTINGS } from '../settings.ts';

/** Removes what proves nothing any more, and the traces of sign-ins that ended long ago. Doing it again changes nothing. */
export async function sweep({ db }: Pick<Deps, 'db'>): Promise<void> {
  const now = Date.now();
  const ago = (ms: number) => new Date(now - ms);
  const isExpired = { expiresAt: { lt: ago(0) } };
  await db.passwordReset.deleteMany({ where: isExpired });
  await db.emailVerification.deleteMany({ where: isExpired });
  await db.oAuthAttempt.deleteMany({ where: isExpired });

  // a used one is kept until it would have expired: by it a thief is known
  await db.refreshToken.deleteMany({ where: isExpired });
  await db.refreshToken.updateMany({
    where: { usedAt: { lt: ago(SETTINGS.refreshGraceMs) }, nextSalt: { not: null } },
    data: { nextSalt: null },
  });

  const long = ago(SETTINGS.endedSignInMs);
  await db.session.deleteMany({
    where: {
      OR: [
        { revokedAt: { lt: long } },
        { createdAt: { lt: new Date(long.getTime() - SETTINGS.sessionMs) } },
        { lastUsedAt: { lt: new Date(long.getTime() - SETTINGS.refreshTokenMs) } },
      ],
    },
  });
  await db.apiKey.deleteMany({ where: { OR: [{ revokedAt: { lt: long } }, { expiresAt: { lt: long } }] } });
}
