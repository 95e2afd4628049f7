import { setTimeout as pause } from 'node:timers/promises';

import type { RequestDefinition, SignalDefinition } from '@volna/events';

import { messageOf } from './bus-delivery.ts';
import { BusAnswerError, BusTimeoutError } from './bus.ts';
import { correlationId, logger, withCorrelationId } from './log.ts';

type Listener = (text: string) => void;
type Answerer = (text: string) => Promise<string>;

/** Signals and questions within one process. Data goes through JSON, as it does between processes. */
export class EmbeddedWires {
  readonly #listeners = new Map<string, Set<Listener>>();
  /** By subject, then by group: the first of a group is asked, and goes to its end. */
  readonly #answerers = new Map<string, Map<string, Answerer[]>>();
  readonly #awaited = new Set<() => void>();
  readonly #onSettled: () => void;
  #signals = 0;

  constructor(onSettled: () => void) {
    this.#onSettled = onSettled;
  }

  /** Signals on their way. */
  get busy(): number {
    return this.#signals;
  }

  signal<Data>(definition: SignalDefinition<Data>, data: Data): void {
    const text = JSON.stringify(definition.data.parse(data));
    const id = correlationId();
    this.#signals++;
    setImmediate(() => {
      const listeners = [...(this.#listeners.get(definition.subject) ?? [])];
      withCorrelationId(id, () => listeners.forEach((listener) => listener(text)));
      this.#signals--;
      this.#onSettled();
    });
  }

  listen<Data>(definition: SignalDefinition<Data>, handle: (data: Data) => void): AsyncDisposable {
    const listener: Listener = (text) => {
      try {
        handle(definition.data.parse(JSON.parse(text)));
      } catch (err) {
        logger.warn({ err, subject: definition.subject }, 'signal not handled');
      }
    };
    const listeners = this.#listeners.get(definition.subject) ?? new Set();
    this.#listeners.set(definition.subject, listeners.add(listener));
    return { [Symbol.asyncDispose]: async () => void listeners.delete(listener) };
  }

  async request<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    question: Question,
    timeoutMs: number,
  ): Promise<Answer> {
    const { subject } = definition;
    const text = JSON.stringify(definition.question.parse(question));
    const done = new AbortController();
    const late = pause(timeoutMs, undefined, { signal: done.signal }).then(() => {
      throw new BusTimeoutError(`no answer to ${subject} within ${timeoutMs} ms`);
    });
    try {
      const answer = await Promise.race([this.#ask(subject, text, done.signal), late]);
      return definition.answer.parse(JSON.parse(answer));
    } finally {
      late.catch(() => undefined);
      done.abort();
    }
  }

  /** Whoever answers may still be starting: waits for the first, until the signal. */
  async #ask(subject: string, text: string, signal: AbortSignal): Promise<string> {
    const groups = [...(this.#answerers.get(subject)?.values() ?? [])].filter((group) => group.length > 0);
    if (groups.length > 0) return Promise.race(groups.map((group) => askNext(group, text)));
    await new Promise<void>((resolve) => {
      this.#awaited.add(resolve);
      signal.addEventListener('abort', () => this.#awaited.delete(resolve), { once: true });
    });
    return this.#ask(subject, text, signal);
  }

  answer<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    group: string,
    handle: (question: Question) => Promise<Answer>,
  ): AsyncDisposable {
    const { subject } = definition;
    const answerer: Answerer = async (text) => {
      try {
        const answer = await handle(definition.question.parse(JSON.parse(text)));
        return JSON.stringify(definition.answer.parse(answer));
      } catch (err) {
        logger.warn({ err, subject }, 'request failed');
        throw new BusAnswerError(`${subject}: ${messageOf(err)}`);
      }
    };
    const groups = this.#answerers.get(subject) ?? new Map<string, Answerer[]>();
    this.#answerers.set(subject, groups);
    const members = groups.get(group) ?? [];
    groups.set(group, members);
    members.push(answerer);
    for (const resolve of this.#awaited) resolve();
    this.#awaited.clear();
    return { [Symbol.asyncDispose]: async () => void members.splice(members.indexOf(answerer), 1) };
  }
}

function askNext(group: Answerer[], text: string): Promise<string> {
  const [next] = group.splice(0, 1);
  if (!next) throw new Error('an empty group');
  group.push(next);
  return next(text);
}
