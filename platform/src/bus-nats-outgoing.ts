import { logger } from './log.ts';

/**
 * Holds what is to be sent until the end of the current turn of the event loop, so that all of it goes out in one write: a
 * write costs the system more than a message costs us. Order is kept.
 */
export class Outgoing {
  readonly #held: (() => void)[] = [];

  later(send: () => void): void {
    if (this.#held.push(send) === 1) setImmediate(() => this.flush());
  }

  /** The same for what is answered. */
  ask<Answer>(send: () => Promise<Answer>): Promise<Answer> {
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    const begin = async () => send();
    this.later(() => void begin().then(resolve, reject));
    return promise;
  }

  flush(): void {
    for (const send of this.#held.splice(0)) {
      try {
        send();
      } catch (err) {
        // the connection is closed: whoever waits for it learns so by the silence
        logger.warn({ err }, 'message could not be sent');
      }
    }
  }
}
