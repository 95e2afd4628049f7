import type {
  DataOf,
  EventDefinition,
  JobDefinition,
  RequestDefinition,
  SignalDefinition,
} from '@volna/events';

/** What a handler may know of the message that it handles. */
export interface Delivery {
  /** The same for each delivery of one message: the key of idempotence. */
  readonly id: string;
  /** ISO 8601, when the sender stated it. */
  readonly occurredAt: string;
  readonly correlationId: string;
  /** 1 for the first delivery. */
  readonly delivery: number;
}

export type Handle<Data> = (data: Data, delivery: Delivery) => Promise<void>;

export interface PublishOptions {
  /** Messages of one id within two minutes are stored once. */
  readonly id?: string;
  readonly correlationId?: string;
  readonly occurredAt?: string;
}

export interface ConsumeOptions {
  /** How many messages one process handles at a time; 1 unless told. */
  readonly concurrency?: number;
  /** How a message whose handler throws is tried again, where the bus's own way does not fit. */
  readonly retry?: Partial<Retry>;
}

/** How a message is tried again. A broker or process that restarts may shorten a pause, never lose the message. */
export interface Retry {
  /** In all, the first included. */
  readonly deliveries: number;
  /** The pause before the second delivery; it doubles from delivery to delivery. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
}

export interface Bus extends AsyncDisposable {
  /** Says in one word which twin this is: `nats` or `embedded`. */
  readonly kind: string;
  /** When the broker's store began, where a broker can lose it: what was published before is not in it. */
  readonly bornAt?: Date | undefined;

  /** Resolves once the message is stored, so that a crash after it cannot lose it. */
  publish<D extends EventDefinition | JobDefinition>(
    definition: D,
    data: DataOf<D>,
    options?: PublishOptions,
  ): Promise<void>;

  /**
   * Delivers each event at least once to one of the consumers that share the name, and each job to one
   * consumer in all. A name that is new gets the recent events that were stated before it came. A handler that throws gets the message again after a growing pause, `MAX_DELIVERIES`
   * times in all unless told; then, and at once when its data does not parse, the message goes to the dead letters.
   */
  consume<D extends EventDefinition | JobDefinition>(
    definition: D,
    consumer: string,
    handle: Handle<DataOf<D>>,
    options?: ConsumeOptions,
  ): Promise<AsyncDisposable>;

  /** Tells whoever listens now, in any process; nobody is waited for and nothing is stored. */
  signal<Data>(definition: SignalDefinition<Data>, data: Data): void;
  listen<Data>(definition: SignalDefinition<Data>, handle: (data: Data) => void): Promise<AsyncDisposable>;

  /** Asks whichever process answers; throws `BusTimeoutError` when none does within the time. */
  request<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    question: Question,
    timeoutMs?: number,
  ): Promise<Answer>;
  answer<Question, Answer>(
    definition: RequestDefinition<Question, Answer>,
    group: string,
    handle: (question: Question) => Promise<Answer>,
  ): Promise<AsyncDisposable>;

  /** What no delivery could bring home, oldest first, a thousand at most. */
  deadLetters(): Promise<DeadLetter[]>;
  /**
   * Takes events, and dead letters, of these definitions out of the store, handled or not, where their text holds any
   * of these words. Gives how many. Reads all that is stored of them: for erasing a person, not for every day.
   */
  forget(definitions: readonly EventDefinition[], words: readonly string[]): Promise<number>;
  /** Hands a dead letter to its consumer anew; false when there is no such letter. */
  replayDeadLetter(id: string): Promise<boolean>;
}

/** A message that was given up, and why. */
export interface DeadLetter {
  readonly id: string;
  readonly subject: string;
  readonly consumer: string;
  /** The id of the message itself; empty when it could not be read. */
  readonly messageId: string;
  readonly reason: string;
  readonly deliveries: number;
  /** ISO 8601, UTC. */
  readonly failedAt: string;
  readonly correlationId: string;
  /** The message's data; its raw text when it could not be read. */
  readonly data: unknown;
}

/** The last one eight and a half minutes after the first: a database that is away for minutes costs no message. */
export const MAX_DELIVERIES = 10;

/** Pause before a failed message's second delivery; it doubles from delivery to delivery. */
export const BACK_OFF_MS = 1_000;

/** No pause between two deliveries is longer. */
export const LONGEST_PAUSE_MS = 3_600_000;

/** Messages of one id within this time are stored once. */
export const DUPLICATE_WINDOW_MS = 120_000;

/** How long an event is kept for consumers that have yet to take it. */
export const EVENT_MAX_AGE_MS = 7 * 24 * 3_600_000;

/** How long a bus that is closed waits for the handlers that it has begun. */
export const CLOSE_GRACE_MS = 3_000;

/** How long a question waits for its answer, unless told. */
export const REQUEST_TIMEOUT_MS = 2_000;

/** No process answered a request in time. */
export class BusTimeoutError extends Error {
  override name = 'BusTimeoutError';
}

/** The process that took a request failed to answer it. */
export class BusAnswerError extends Error {
  override name = 'BusAnswerError';
}
