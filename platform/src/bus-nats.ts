import { setTimeout as pause } from 'node:timers/promises';

import type {
  DataOf,
  EventDefinition,
  JobDefinition,
  RequestDefinition,
  SignalDefinition,
} from '@volna/events';
import { Events, type JetStreamClient, type JetStreamManager, type NatsConnection } from 'nats';

import { toRetry } from './bus-delivery.ts';
import { seal } from './bus-envelope.ts';
import { connectNats, type NatsBackend } from './bus-nats-connection.ts';
import { NatsConsumer } from './bus-nats-consumer.ts';
import { NatsDeadLetters } from './bus-nats-dead-letters.ts';
import { forgetInStreams } from './bus-nats-forget.ts';
import { Outgoing } from './bus-nats-outgoing.ts';
import { durableOf, ensureStreams, type Names, namesOf } from './bus-nats-streams.ts';
import { NatsWires } from './bus-nats-wires.ts';
import {
  BACK_OFF_MS,
  type Bus,
  type ConsumeOptions,
  type DeadLetter,
  type Handle,
  type PublishOptions,
  REQUEST_TIMEOUT_MS,
} from './bus.ts';
import { logger } from './log.ts';

const RESTORE_MS = 100;
const RESTORE_MAX_MS = 5_000;
const CLOSE_MS = 1_000;

export interface NatsBusOptions {
  /** Before each stream and subject: buses of different prefixes share nothing. `volna` unless told. */
  readonly prefix?: string;
  readonly backOffMs?: number;
  /** After this long without a sign of life of its consumer a message goes to another. */
  readonly ackWaitMs?: number;
  /** How long a publish waits for the broker before it rejects. */
  readonly publishTimeoutMs?: number;
  /** How long `connect` tries to reach a broker that is still starting. */
  readonly connectTimeoutMs?: number;
}

const DEFAULTS = {
  prefix: 'volna',
  backOffMs: BACK_OFF_MS,
  ackWaitMs: 15_000,
  publishTimeoutMs: 3_000,
  connectTimeoutMs: 30_000,
} satisfies NatsBusOptions;

/** The bus of a deployment: JetStream for events and jobs, NATS itself for signals and requests. */
export class NatsBus implements Bus {
  readonly kind = 'nats';
  readonly #connection: NatsConnection;
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #options: Required<NatsBusOptions>;
  readonly #names: Names;
  readonly #deadLetters: NatsDeadLetters;
  readonly #wires: NatsWires;
  readonly #outgoing = new Outgoing();
  readonly #consumers = new Set<NatsConsumer>();
  #reconnects = 0;
  #isAway = false;
  #bornAt: Date;

  private constructor({ connection, manager, bornAt }: NatsBackend, options: Required<NatsBusOptions>) {
    this.#connection = connection;
    this.#bornAt = bornAt;
    this.#client = connection.jetstream({ timeout: options.publishTimeoutMs });
    this.#manager = manager;
    this.#options = options;
    this.#names = namesOf(options.prefix);
    this.#deadLetters = new NatsDeadLetters(this.#client, manager, this.#names, options.publishTimeoutMs);
    this.#wires = new NatsWires(connection, this.#outgoing, this.#names);
    void this.#watch();
  }

  static async connect(url: string, options: NatsBusOptions = {}): Promise<NatsBus> {
    const settings = { ...DEFAULTS, ...options };
    const backend = await connectNats(url, namesOf(settings.prefix), settings.connectTimeoutMs);
    return new NatsBus(backend, settings);
  }

  get bornAt(): Date {
    return this.#bornAt;
  }

  /** Whether the broker answers, as far as we have heard. */
  isConnected(): boolean {
    return !this.#isAway && !this.#connection.isClosed();
  }

  async publish<D extends EventDefinition | JobDefinition>(
    definition: D,
    data: DataOf<D>,
    options?: PublishOptions,
  ): Promise<void> {
    const envelope = seal(definition, data, options);
    const [subject, text] = [this.#names.subject(definition.subject), JSON.stringify(envelope)];
    await this.#outgoing.ask(() => this.#client.publish(subject, text, { msgID: envelope.id }));
  }

  async consume<D extends EventDefinition | JobDefinition>(
    definition: D,
    consumer: string,
    handle: Handle<DataOf<D>>,
    { concurrency = 1, retry }: ConsumeOptions = {},
  ): Promise<AsyncDisposable> {
    const { subject, kind } = definition;
    const stream = kind === 'job' ? this.#names.jobs : this.#names.events;
    // all consumers of a job share one durable, whatever they are called
    const durable = `${kind === 'job' ? 'all' : consumer}_${subject.replaceAll('.', '_')}`;
    const config = durableOf(durable, this.#names.subject(subject), this.#options.ackWaitMs);
    const opened = new NatsConsumer(this.#connection, this.#outgoing, {
      consumption: {
        definition,
        consumer,
        handle: (parsed, delivery) => handle(parsed as DataOf<D>, delivery),
        retry: toRetry(retry, this.#options.backOffMs),
      },
      stream,
      durable,
      concurrency,
      ackWaitMs: this.#options.ackWaitMs,
      ensure: async () => void (await this.#manager.consumers.add(stream, config)),
      bury: (text, reason, deliveries) =>
        this.#deadLetters.bury({ subject, consumer, reason, deliveries, text }),
    });
    await opened.start();
    this.#consumers.add(opened);
    return {
      [Symbol.asyncDispose]: async () => {
        this.#consumers.delete(opened);
        await opened[Symbol.asyncDispose]();
      },
    };
  }

  signal<Data>(definition: SignalDefinition<Data>, data: Data): void {
    this.#wires.signal(definition, data);
  }

  listen<Data>(definition: SignalDefinition<Data>, handle: (data: Data) => void): Promise<AsyncDisposable> {
    return this.#wires.listen(definition, handle);
  }

  request<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    question: Question,
    timeoutMs = REQUEST_TIMEOUT_MS,
  ): Promise<Answer> {
    return this.#wires.request(definition, question, timeoutMs);
  }

  answer<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    group: string,
    handle: (question: Question) => Promise<Answer>,
  ): Promise<AsyncDisposable> {
    return this.#wires.answer(definition, group, handle);
  }

  deadLetters(): Promise<DeadLetter[]> {
    return this.#deadLetters.list();
  }

  replayDeadLetter(id: string): Promise<boolean> {
    return this.#deadLetters.replay(id);
  }

  forget(definitions: readonly EventDefinition[], words: readonly string[]): Promise<number> {
    return forgetInStreams(this.#client, this.#manager, this.#names, definitions, words);
  }

  async #watch(): Promise<void> {
    for await (const status of this.#connection.status()) {
      if (status.type === Events.Disconnect) {
        this.#isAway = true;
        logger.warn('broker away');
      }
      if (status.type === Events.Reconnect) void this.#restore();
    }
  }

  /** The broker that is back may have forgotten everything: streams first, then who reads them. */
  async #restore(): Promise<void> {
    const reconnect = ++this.#reconnects;
    let waitMs = RESTORE_MS;
    while (reconnect === this.#reconnects && !this.#connection.isClosed()) {
      try {
        this.#bornAt = await ensureStreams(this.#manager, this.#names);
        await Promise.all([...this.#consumers].map((consumer) => consumer.start()));
        this.#isAway = false;
        logger.info('broker back');
        return;
      } catch (err) {
        logger.warn({ err }, 'broker back, but not ready');
        await pause(waitMs, undefined, { ref: false });
        waitMs = Math.min(waitMs * 2, RESTORE_MAX_MS);
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#consumers].map((consumer) => consumer[Symbol.asyncDispose]()));
    this.#consumers.clear();
    // the last acknowledgements go out, unless the broker is away
    this.#outgoing.flush();
    const waited = new AbortController();
    const flushed = this.#connection.flush().catch(() => undefined);
    await Promise.race([
      flushed,
      pause(CLOSE_MS, undefined, { signal: waited.signal }).catch(() => undefined),
    ]);
    waited.abort();
    await this.#connection.close();
  }
}
