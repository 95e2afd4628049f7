import { setTimeout as pause } from 'node:timers/promises';

/** What PostgreSQL ends a transaction with that did nothing wrong: a serialization failure, a deadlock. */
const CONFLICTS = ['40001', '40P01'];
/** Prisma's own name for both, where it knows the statement. */
const WRITE_CONFLICT = 'P2034';
const TRIES = 4;
const PAUSE_MS = 20;

interface Transacting {
  // oxlint-disable-next-line typescript/no-explicit-any -- whatever a generated client takes
  $transaction(...args: any[]): Promise<unknown>;
}

/**
 * A database whose transactions are run again when another one was in their way, so that nobody sees it. What is run
 * must do nothing outside of its transaction.
 */
export function retryConflicts<Db extends Transacting>(db: Db): Db {
  const transact = async (...args: readonly unknown[]): Promise<unknown> => {
    for (let tries = 1; ; tries++) {
      try {
        return await db.$transaction(...args);
      } catch (err) {
        if (tries === TRIES || typeof args[0] !== 'function' || !isConflict(err)) throw err;
        await pause(PAUSE_MS * tries * (1 + Math.random()));
      }
    }
  };
  return new Proxy(db, {
    get(target, name) {
      if (name === '$transaction') return transact;
      const value: unknown = Reflect.get(target, name, target);
      return typeof value === 'function' ? (value.bind(target) as unknown) : value;
    },
  });
}

/** A raw query tells the code of the database in its message only. */
function isConflict(err: unknown): boolean {
  const { code, message = '' } = err as { readonly code?: string; readonly message?: string };
  return (
    code === WRITE_CONFLICT || CONFLICTS.some((each) => code === each || message.includes(`\`${each}\``))
  );
}
