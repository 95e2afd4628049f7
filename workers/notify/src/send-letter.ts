import { letterClaim, type LetterId, letterSettled } from '@volna/events';
import type { Bus } from '@volna/platform/bus';
import { logger } from '@volna/platform/log';

import { composeLetter } from './templates/compose-letter.ts';
import { SendError, type Transport } from './transport.ts';

export interface Deps {
  readonly bus: Bus;
  readonly transport: Transport;
}

const CLAIM_MS = 10_000;

/**
 * Sends a letter as it is wanted now, and says how that went. Throws for another try; on the last it says so first.
 * A letter whose fate could not be told may be sent again: with another code it has another Message-ID, and the
 * newer code is the one that works.
 */
export async function sendLetter(
  deps: Deps,
  letterId: LetterId,
  { isLast }: { readonly isLast: boolean },
): Promise<void> {
  try {
    const isSent = await trySend(deps, letterId);
    if (isSent) await settle(deps, letterId, null);
  } catch (err) {
    const failure = toSendError(err);
    if (failure.permanent || isLast) await settle(deps, letterId, failure.message);
    if (!failure.permanent) throw failure;
  }
}

/** False when nobody wants the letter any more. */
async function trySend({ bus, transport }: Deps, letterId: LetterId): Promise<boolean> {
  const { letter } = await bus.request(letterClaim, { letterId }, CLAIM_MS);
  if (letter) await transport.send(composeLetter(letterId, letter));
  return letter !== null;
}

async function settle({ bus }: Deps, letterId: LetterId, error: string | null): Promise<void> {
  logger.info({ letterId, error }, error === null ? 'letter sent' : 'letter not sent');
  // what is sent is sent: to throw now would send it again
  await bus.publish(letterSettled, { letterId, sent: error === null, error }).catch((err: unknown) => {
    logger.error({ err, letterId }, 'the fate of a letter could not be told');
  });
}

/** Anything else is a fault of ours, whose text may name somebody: it goes to the log alone. */
function toSendError(err: unknown): SendError {
  if (err instanceof SendError) return err;
  logger.warn({ err }, 'letter could not be made');
  return new SendError(`the letter could not be made: ${err instanceof Error ? err.name : 'unknown'}`);
}
