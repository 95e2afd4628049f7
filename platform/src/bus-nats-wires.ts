import { setTimeout as pause } from 'node:timers/promises';

import type { RequestDefinition, SignalDefinition } from '@volna/events';
import { type Msg, type NatsConnection, NatsError } from 'nats';
import { z } from 'zod';

import { messageOf } from './bus-delivery.ts';
import type { Outgoing } from './bus-nats-outgoing.ts';
import type { Names } from './bus-nats-streams.ts';
import { BusAnswerError, BusTimeoutError } from './bus.ts';
import { correlationId, logger, withCorrelationId } from './log.ts';

const ASK_AGAIN_MS = 50;
const NO_RESPONDERS = '503';
const TIMEOUT = 'TIMEOUT';

const Wired = z.object({ correlationId: z.string(), data: z.unknown() });
const Answered = z.union([z.object({ answer: z.unknown() }), z.object({ error: z.string() })]);

/** What goes by NATS itself and is stored nowhere: signals, questions, answers. */
export class NatsWires {
  readonly #connection: NatsConnection;
  readonly #outgoing: Outgoing;
  readonly #names: Names;

  constructor(connection: NatsConnection, outgoing: Outgoing, names: Names) {
    this.#connection = connection;
    this.#outgoing = outgoing;
    this.#names = names;
  }

  signal<Data>(definition: SignalDefinition<Data>, data: Data): void {
    const text = wire(definition.data.parse(data));
    const subject = this.#names.subject(definition.subject);
    this.#outgoing.later(() => {
      if (!this.#connection.isClosed()) this.#connection.publish(subject, text);
    });
  }

  async listen<Data>(
    definition: SignalDefinition<Data>,
    handle: (data: Data) => void,
  ): Promise<AsyncDisposable> {
    return this.#subscribe(definition.subject, undefined, (message) => {
      const wired = Wired.parse(message.json());
      withCorrelationId(wired.correlationId, () => handle(definition.data.parse(wired.data)));
    });
  }

  async request<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    question: Question,
    timeoutMs: number,
  ): Promise<Answer> {
    const text = wire(definition.question.parse(question));
    const reply = await this.#ask(definition.subject, text, Date.now() + timeoutMs);
    const answered = Answered.parse(reply.json());
    if ('error' in answered) throw new BusAnswerError(`${definition.subject}: ${answered.error}`);
    return definition.answer.parse(answered.answer);
  }

  /** Whoever answers may still be starting: nobody there is not yet an answer. */
  async #ask(subject: string, text: string, deadline: number): Promise<Msg> {
    const timeout = deadline - Date.now();
    try {
      if (timeout < 1) throw NatsError.errorForCode(TIMEOUT);
      const named = this.#names.subject(subject);
      return await this.#outgoing.ask(() => this.#connection.request(named, text, { timeout }));
    } catch (err) {
      if (!(err instanceof NatsError)) throw err;
      if (err.code !== NO_RESPONDERS) {
        throw new BusTimeoutError(`no answer to ${subject}: ${err.message}`, { cause: err });
      }
      await pause(Math.min(ASK_AGAIN_MS, timeout));
      return this.#ask(subject, text, deadline);
    }
  }

  async answer<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    group: string,
    handle: (question: Question) => Promise<Answer>,
  ): Promise<AsyncDisposable> {
    return this.#subscribe(definition.subject, group, async (message) => {
      const wired = Wired.parse(message.json());
      const answered = await withCorrelationId(wired.correlationId, async () => {
        try {
          return { answer: definition.answer.parse(await handle(definition.question.parse(wired.data))) };
        } catch (err) {
          logger.warn({ err, subject: definition.subject }, 'request failed');
          return { error: messageOf(err) };
        }
      });
      this.#outgoing.later(() => void message.respond(JSON.stringify(answered)));
    });
  }

  /** Resolves once the broker knows of the subscription, so that what is sent after it arrives. */
  async #subscribe(
    subject: string,
    queue: string | undefined,
    handle: (message: Msg) => void | Promise<void>,
  ): Promise<AsyncDisposable> {
    const subscription = this.#connection.subscribe(this.#names.subject(subject), {
      ...(queue !== undefined && { queue }),
      callback: (err, message) => {
        if (err) logger.warn({ err, subject }, 'subscription failed');
        else void handleSafely(subject, message, handle);
      },
    });
    await this.#connection.flush();
    return {
      [Symbol.asyncDispose]: async () => {
        if (!subscription.isClosed()) subscription.unsubscribe();
      },
    };
  }
}

/** A handler's fault must not reach the connection's reader. */
async function handleSafely(
  subject: string,
  message: Msg,
  handle: (message: Msg) => void | Promise<void>,
): Promise<void> {
  try {
    await handle(message);
  } catch (err) {
    logger.warn({ err, subject }, 'message not handled');
  }
}

function wire(data: unknown): string {
  return JSON.stringify({ correlationId: correlationId(), data });
}
