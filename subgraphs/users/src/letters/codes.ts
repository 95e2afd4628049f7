import type { Prisma } from '../generated/prisma/client.ts';
import { SETTINGS } from '../settings.ts';
import { newSecret } from '../tokens/secret.ts';

// Codes in letters are 256 random bits of which only the hash is kept. One is good once, for half an hour, and only
// the last of its kind: used, too old and replaced ones are refused alike.

/** A new code for resetting a password, in place of all before. */
export async function makeResetCode(tx: Prisma.TransactionClient, userId: string): Promise<string> {
  const { secret, hash } = newSecret();
  const expiresAt = new Date(Date.now() + SETTINGS.resetTokenMs);
  await tx.passwordReset.deleteMany({ where: { userId } });
  await tx.passwordReset.create({ data: { hash, userId, expiresAt } });
  return secret;
}

/** A new code that proves an address, in place of all before. */
export async function makeVerificationCode(
  tx: Prisma.TransactionClient,
  userId: string,
  email: string,
): Promise<string> {
  const { secret, hash } = newSecret();
  const expiresAt = new Date(Date.now() + SETTINGS.verificationTokenMs);
  await tx.emailVerification.deleteMany({ where: { userId } });
  await tx.emailVerification.create({ data: { hash, userId, email, expiresAt } });
  return secret;
}
