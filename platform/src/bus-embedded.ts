import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

import type {
  DataOf,
  EventDefinition,
  JobDefinition,
  RequestDefinition,
  SignalDefinition,
} from '@volna/events';

import { deliver, toRetry } from './bus-delivery.ts';
import { EmbeddedStore, type StoreOptions } from './bus-embedded-store.ts';
import { EmbeddedWires } from './bus-embedded-wires.ts';
import { peek, seal } from './bus-envelope.ts';
import { EVERYONE } from './bus-ledger.ts';
import { type Hand, Queue } from './bus-queue.ts';
import {
  BACK_OFF_MS,
  type Bus,
  CLOSE_GRACE_MS,
  type ConsumeOptions,
  type DeadLetter,
  type Handle,
  type PublishOptions,
  REQUEST_TIMEOUT_MS,
} from './bus.ts';
import { logger } from './log.ts';

const LISTED = 1_000;

export interface EmbeddedBusOptions extends StoreOptions {
  readonly backOffMs?: number;
}

/** The bus of one process. */
export class EmbeddedBus implements Bus {
  readonly kind = 'embedded';
  readonly #store: EmbeddedStore;
  readonly #backOffMs: number;
  readonly #queues = new Map<string, Queue>();
  readonly #wires = new EmbeddedWires(() => this.#settle());
  readonly #idlers = new Set<() => void>();
  #publishing = 0;

  private constructor(store: EmbeddedStore, backOffMs: number) {
    this.#store = store;
    this.#backOffMs = backOffMs;
  }

  static async open({ backOffMs = BACK_OFF_MS, ...options }: EmbeddedBusOptions = {}): Promise<EmbeddedBus> {
    return new EmbeddedBus(await EmbeddedStore.open(options), backOffMs);
  }

  async publish<D extends EventDefinition | JobDefinition>(
    definition: D,
    data: DataOf<D>,
    options?: PublishOptions,
  ): Promise<void> {
    const envelope = seal(definition, data, options);
    const { subject, kind } = definition;
    await this.#send({ subject, job: kind === 'job', id: envelope.id, text: JSON.stringify(envelope) });
  }

  async #send(message: {
    subject: string;
    job: boolean;
    id: string;
    text: string;
    onlyFor?: string;
  }): Promise<void> {
    const { subject, job, onlyFor } = message;
    this.#publishing++;
    try {
      const seq = await this.#store.add(message);
      if (seq === null) return;
      const named = onlyFor === undefined ? this.#store.ledger.consumersOf(subject) : [onlyFor];
      for (const by of job ? [EVERYONE] : named) this.#queues.get(queueKey(subject, by))?.push(seq);
    } finally {
      this.#publishing--;
      this.#settle();
    }
  }

  async consume<D extends EventDefinition | JobDefinition>(
    definition: D,
    consumer: string,
    handle: Handle<DataOf<D>>,
    { concurrency = 1, retry }: ConsumeOptions = {},
  ): Promise<AsyncDisposable> {
    const consumption = {
      definition,
      consumer,
      handle: (data: unknown, delivery: Parameters<Handle<unknown>>[1]) =>
        handle(data as DataOf<D>, delivery),
      retry: toRetry(retry, this.#backOffMs),
    };
    const hand: Hand = { consumption, concurrency, running: new Set() };
    const { subject } = definition;
    const by = definition.kind === 'job' ? EVERYONE : consumer;
    await this.#store.addConsumer(subject, by);
    const queue = this.#queue(subject, by);
    queue.add(hand);
    return {
      [Symbol.asyncDispose]: async () => {
        queue.remove(hand);
        await endOf([...hand.running]);
      },
    };
  }

  #queue(subject: string, by: string): Queue {
    const known = this.#queues.get(queueKey(subject, by));
    if (known) return known;
    const queue = new Queue(
      by,
      (hand, seq) => this.#deliver(hand, by, seq),
      () => this.#settle(),
    );
    for (const { seq } of this.#store.ledger.pending(subject, by)) queue.push(seq);
    this.#queues.set(queueKey(subject, by), queue);
    return queue;
  }

  /** Delivers once; gives the pause before the next delivery, or null when the message is settled. */
  async #deliver({ consumption }: Hand, by: string, seq: number): Promise<number | null> {
    try {
      // lets the process breathe between handlers that publish to one another
      await turn();
      const taken = await this.#store.take(seq, by);
      if (!taken) return null;
      const outcome = await deliver(consumption, taken.text, taken.deliveries);
      if (outcome.kind === 'retry') return outcome.afterMs;
      if (outcome.kind === 'dead') await this.#store.bury(taken, consumption.consumer, outcome.reason);
      await this.#store.ack(seq, by);
      return null;
    } catch (err) {
      if (this.#store.isClosed) return null;
      logger.error({ err, by, seq }, 'message could not be settled');
      return this.#backOffMs;
    }
  }

  async deadLetters(): Promise<DeadLetter[]> {
    const letters = await this.#store.deadLetters(LISTED);
    return letters.map(({ text, kind: _kind, job: _job, ...letter }) => ({ ...letter, ...peek(text) }));
  }

  async replayDeadLetter(id: string): Promise<boolean> {
    const letter = await this.#store.deadLetter(id);
    if (!letter) return false;
    const { subject, job, consumer, text } = letter;
    await this.#send({ subject, job, id: `replay-${id}`, text, ...(!job && { onlyFor: consumer }) });
    await this.#store.dropDeadLetter(id);
    return true;
  }

  async forget(definitions: readonly EventDefinition[], words: readonly string[]): Promise<number> {
    return this.#store.forget(new Set(definitions.map(({ subject }) => subject)), words);
  }

  signal<Data>(definition: SignalDefinition<Data>, data: Data): void {
    this.#wires.signal(definition, data);
  }

  async listen<Data>(
    definition: SignalDefinition<Data>,
    handle: (data: Data) => void,
  ): Promise<AsyncDisposable> {
    return this.#wires.listen(definition, handle);
  }

  request<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    question: Question,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<Answer> {
    return this.#wires.request(definition, question, timeoutMs);
  }

  async answer<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    group: string,
    handle: (question: Question) => Promise<Answer>,
  ): Promise<AsyncDisposable> {
    return this.#wires.answer(definition, group, handle);
  }

  /**
   * Resolves when everything published so far that somebody consumes, and everything it led to, is handled
   * or given up. Pauses between deliveries count as not handled.
   */
  async idle(): Promise<void> {
    // a handler's last step may publish one turn later
    await turn();
    if (this.#busy() === 0) return;
    await new Promise<void>((resolve) => this.#idlers.add(resolve));
    return this.idle();
  }

  #busy(): number {
    const queued = [...this.#queues.values()].reduce((sum, queue) => sum + queue.busy, 0);
    return this.#publishing + this.#wires.busy + queued;
  }

  #settle(): void {
    if (this.#idlers.size === 0 || this.#busy() > 0) return;
    for (const resolve of this.#idlers) resolve();
    this.#idlers.clear();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#store.isClosed) return;
    await endOf([...this.#queues.values()].flatMap((queue) => queue.stop()));
    this.#settle();
    await this.#store.close();
  }
}

async function endOf(running: readonly Promise<void>[]): Promise<void> {
  const grace = new AbortController();
  const late = pause(CLOSE_GRACE_MS, undefined, { signal: grace.signal }).catch(() => undefined);
  await Promise.race([Promise.all(running), late]);
  grace.abort();
}

function queueKey(subject: string, by: string): string {
  return `${by} ${subject}`;
}
