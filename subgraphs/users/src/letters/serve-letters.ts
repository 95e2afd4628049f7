import { letterClaim, letterSettled } from '@volna/events';

import type { Deps } from '../context.ts';
import { claimLetter } from './claim-letter.ts';
import { settleLetter } from './settle-letter.ts';

/** Users' part in the sending of letters, which the notify worker does. */
export async function serveLetters({ bus, db, counts }: Deps): Promise<AsyncDisposable[]> {
  return [
    await bus.answer(letterClaim, 'users', ({ letterId }) => claimLetter({ db, counts }, letterId)),
    await bus.consume(letterSettled, 'users', (settled) => settleLetter(db, settled)),
  ];
}
