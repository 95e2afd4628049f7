import { UserError } from '@volna/platform/errors';

import { Prisma } from '../generated/prisma/client.ts';

/** Says which name was taken where a transaction fails for it. */
export async function refuseTaken<Result>(run: () => Promise<Result>): Promise<Result> {
  try {
    return await run();
  } catch (err) {
    if (!(err instanceof Prisma.PrismaClientKnownRequestError) || err.code !== 'P2002') throw err;
    const what = JSON.stringify(err.meta);
    if (what.includes('email_key')) {
      throw new UserError('EMAIL_TAKEN', 'this e-mail address has an account', ['email']);
    }
    if (!/username_key|look_alike_key/.test(what)) throw err;
    throw new UserError('USERNAME_TAKEN', 'this username is taken, or looks like one that is', ['username']);
  }
}
