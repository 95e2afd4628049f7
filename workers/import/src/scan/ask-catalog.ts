import { setTimeout as pause } from 'node:timers/promises';

import { importAlive, type ImportTry, type RequestDefinition } from '@volna/events';
import { type Bus, BusAnswerError, BusTimeoutError } from '@volna/platform/bus';
import { logger } from '@volna/platform/log';

const TIMEOUT_MS = 20_000;
/** How long catalog may be away: then somebody else takes the run up. */
const PATIENCE_MS = 120_000;
const PAUSE_MS = 1_000;

/** Catalog does not want this try any more. */
export class RunLostError extends Error {
  override name = 'RunLostError';
}

export interface Catalog {
  /** Asks again while nobody answers; throws `RunLostError` where the try is not wanted any more. */
  ask<Question extends ImportTry, Answer extends { readonly goOn: boolean }>(
    definition: RequestDefinition<Question, Answer>,
    question: Omit<Question, keyof ImportTry>,
  ): Promise<Answer>;
  /** Aborted once the try is not wanted any more, or the worker stops. */
  readonly signal: AbortSignal;
}

type QuestionOf<D> = D extends RequestDefinition<infer Question> ? Question : never;

/** Keeps a try alive while something is done for it. */
export function openCatalog(
  bus: Bus,
  order: ImportTry,
  leaseSeconds: number,
  stopping: AbortSignal,
): Catalog & Disposable {
  const lost = new AbortController();
  const signal = AbortSignal.any([stopping, lost.signal]);
  const renew = async () => {
    const { goOn } = await bus.request(importAlive, order, TIMEOUT_MS);
    if (!goOn) lost.abort(new RunLostError('the run goes on without this try'));
  };
  const timer = setInterval(
    () => {
      renew().catch((err: unknown) => logger.warn({ err, ...order }, 'the lease could not be renewed'));
    },
    (leaseSeconds * 1000) / 3,
  );
  return {
    signal,
    async ask(definition, question) {
      const whole = { ...question, ...order } as unknown as QuestionOf<typeof definition>;
      const answer = await insist(signal, () => bus.request(definition, whole, TIMEOUT_MS));
      if (!answer.goOn) throw new RunLostError('the run goes on without this try');
      return answer;
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

async function insist<Answer>(signal: AbortSignal, ask: () => Promise<Answer>): Promise<Answer> {
  const until = Date.now() + PATIENCE_MS;
  for (;;) {
    signal.throwIfAborted();
    try {
      // oxlint-disable-next-line no-await-in-loop -- one try after the other
      return await ask();
    } catch (err) {
      const isAway = err instanceof BusTimeoutError || err instanceof BusAnswerError;
      if (!isAway || Date.now() > until) throw err;
      // oxlint-disable-next-line no-await-in-loop
      await pause(PAUSE_MS, undefined, { signal });
    }
  }
}
