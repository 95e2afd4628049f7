import type { letterClaim, LetterId, LetterLocale, LetterTemplate } from '@volna/events';
import type { z } from 'zod';

import type { Deps } from '../context.ts';
import { holdUser } from '../domain/hold-user.ts';
import { makeLetter } from './make-letter.ts';

type Claim = z.output<typeof letterClaim.answer>;

const TRANSACTION = { maxWait: 5_000, timeout: 10_000 };

/**
 * What a letter that is about to be sent says, and to whom: as things are now, with codes made for this try. Null for
 * one that is sent already, and for one that nobody wants any more: it stays so.
 */
export async function claimLetter({ db, counts }: Pick<Deps, 'db' | 'counts'>, id: LetterId): Promise<Claim> {
  return db.$transaction(async (tx) => {
    const letter = await tx.letter.findUnique({ where: { id } });
    if (!letter || letter.state === 'SENT' || letter.state === 'UNWANTED') return { letter: null };
    const user = await holdUser(tx, letter.userId);
    const made = await makeLetter({ tx, counts, letter, user });
    const data = made ? { state: 'QUEUED', error: null } : { state: 'UNWANTED', settledAt: new Date() };
    await tx.letter.update({ where: { id }, data });
    if (!made) return { letter: null };
    const { to = user.email, ...values } = made;
    const locale = user.locale as LetterLocale;
    return {
      letter: {
        to,
        locale,
        template: letter.template as LetterTemplate,
        values: { name: user.username, ...values },
      },
    };
  }, TRANSACTION);
}
