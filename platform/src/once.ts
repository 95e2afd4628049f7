import type { Delivery } from './bus.ts';

const WAIT_MS = 5_000;
const TRANSACTION_MS = 15_000;

/** The part of a generated Prisma transaction that keeps account of messages; see `outboxRow` for the model. */
export interface ProcessedMessages {
  readonly processedMessage: {
    createMany(args: {
      data: { consumer: string; id: string }[];
      skipDuplicates: boolean;
    }): PromiseLike<{ count: number }>;
  };
}

/** What any generated PrismaClient is. */
export interface Transactional<Tx> {
  $transaction<Result>(
    run: (tx: Tx) => Promise<Result>,
    options?: { maxWait?: number; timeout?: number },
  ): Promise<Result>;
}

/**
 * Handles a message in one transaction with the note that it is handled, so that each delivery after the
 * first does nothing. Gives whether this was the first. What is outside of `tx` must bear repetition.
 */
export async function once<Tx extends ProcessedMessages>(
  db: Transactional<Tx>,
  consumer: string,
  { id }: Pick<Delivery, 'id'>,
  run: (tx: Tx) => Promise<void>,
): Promise<boolean> {
  return db.$transaction(
    async (tx) => {
      // a delivery at the same time waits here for the other one's commit
      const data = [{ consumer, id }];
      const { count } = await tx.processedMessage.createMany({ data, skipDuplicates: true });
      if (count > 0) await run(tx);
      return count > 0;
    },
    { maxWait: WAIT_MS, timeout: TRANSACTION_MS },
  );
}
