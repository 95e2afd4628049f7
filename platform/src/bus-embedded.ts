import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as turn, setTimeout as pause } from 'node:timers/promises';

import type {
  DataOf,
  EventDefinition,
  JobDefinition,
  RequestDefinition,
  SignalDefinition,
} from '@volna/events';

import { deliver, type Outcome } from './bus-delivery.ts';
import { EmbeddedWires } from './bus-embedded-wires.ts';
import { peek, seal } from './bus-envelope.ts';
import { createMemoryJournal, FileJournal, type Journal, type JournalRecord } from './bus-journal.ts';
import { type Entry, EVERYONE, Ledger } from './bus-ledger.ts';
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

const COMPACT_BYTES = 16 << 20;
const LISTED = 1_000;

export interface EmbeddedBusOptions {
  /** Where messages outlive the process; without one they don't. One process at a time. */
  readonly directory?: string;
  readonly backOffMs?: number;
  /** Size from which on a journal of mostly handled messages is written anew. */
  readonly compactBytes?: number;
}

/** The bus of one process. */
export class EmbeddedBus implements Bus {
  readonly kind = 'embedded';
  readonly #backOffMs: number;
  readonly #ledger: Ledger;
  readonly #journal: Journal;
  readonly #queues = new Map<string, Queue>();
  readonly #wires = new EmbeddedWires(() => this.#settle());
  readonly #idlers = new Set<() => void>();
  #publishing = 0;
  readonly #compactBytes: number;
  #compactAtBytes: number;
  #closed = false;

  private constructor(journal: Journal, ledger: Ledger, { backOffMs, compactBytes }: EmbeddedBusOptions) {
    this.#journal = journal;
    this.#ledger = ledger;
    this.#backOffMs = backOffMs ?? BACK_OFF_MS;
    this.#compactBytes = compactBytes ?? COMPACT_BYTES;
    this.#compactAtBytes = Math.max(this.#compactBytes, 2 * journal.sizeBytes);
  }

  static async open(options: EmbeddedBusOptions = {}): Promise<EmbeddedBus> {
    const ledger = new Ledger();
    const { directory } = options;
    if (directory === undefined) return new EmbeddedBus(createMemoryJournal(), ledger, options);
    await mkdir(directory, { recursive: true });
    const journal = await FileJournal.open(join(directory, 'bus.jsonl'), (record, place) => {
      ledger.apply(record, place);
    });
    await journal.rewrite(() => ledger.snapshot());
    return new EmbeddedBus(journal, ledger, options);
  }

  async publish<D extends EventDefinition | JobDefinition>(
    definition: D,
    data: DataOf<D>,
    options?: PublishOptions,
  ): Promise<void> {
    const envelope = seal(definition, data, options);
    const job = definition.kind === 'job';
    if (!this.#ledger.claimId(envelope.id, job)) return;
    try {
      await this.#store(definition.subject, job, envelope.id, JSON.stringify(envelope));
    } catch (err) {
      this.#ledger.releaseId(envelope.id, job);
      throw err;
    }
  }

  async #store(subject: string, job: boolean, id: string, text: string, onlyFor?: string): Promise<void> {
    const seq = this.#ledger.nextSeq();
    const only = onlyFor === undefined ? {} : { onlyFor };
    this.#publishing++;
    try {
      await this.#note({ kind: 'message', seq, job, subject, id, at: Date.now(), text, ...only });
      const consumers = job
        ? [EVERYONE]
        : onlyFor === undefined
          ? this.#ledger.consumersOf(subject)
          : [onlyFor];
      for (const by of consumers) this.#queues.get(queueKey(subject, by))?.push(seq);
    } finally {
      this.#publishing--;
      this.#settle();
    }
    this.#compactIfDue();
  }

  /** Writes a record down, then acts on it. */
  async #note(record: JournalRecord): Promise<void> {
    if (this.#closed) throw new Error('the bus is closed');
    this.#ledger.apply(record, await this.#journal.append(record));
  }

  #compactIfDue(): void {
    if (this.#journal.sizeBytes < this.#compactAtBytes) return;
    this.#compactAtBytes = Infinity;
    void this.#journal
      .rewrite(() => this.#ledger.snapshot())
      .catch((err: unknown) => logger.error({ err }, 'journal could not be compacted'))
      .finally(() => {
        this.#compactAtBytes = Math.max(this.#compactBytes, 2 * this.#journal.sizeBytes);
      });
  }

  async consume<D extends EventDefinition | JobDefinition>(
    definition: D,
    consumer: string,
    handle: Handle<DataOf<D>>,
    { concurrency = 1 }: ConsumeOptions = {},
  ): Promise<AsyncDisposable> {
    const consumption = {
      definition,
      consumer,
      handle: (data: unknown, delivery: Parameters<Handle<unknown>>[1]) =>
        handle(data as DataOf<D>, delivery),
      backOffMs: this.#backOffMs,
    };
    const hand: Hand = { consumption, concurrency, running: new Set() };
    const { subject } = definition;
    const by = definition.kind === 'job' ? EVERYONE : consumer;
    if (!this.#ledger.consumersOf(subject).has(by)) await this.#note({ kind: 'consumer', subject, by });
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
    for (const { seq } of this.#ledger.pending(subject, by)) queue.push(seq);
    this.#queues.set(queueKey(subject, by), queue);
    return queue;
  }

  /** Delivers once; gives the pause before the next delivery, or null when the message is settled. */
  async #deliver(hand: Hand, by: string, seq: number): Promise<number | null> {
    try {
      // lets the process breathe between handlers that publish to one another
      await turn();
      const entry = this.#ledger.entry(seq);
      if (!entry) return null;
      const deliveries = (entry.deliveries.get(by) ?? 0) + 1;
      const [text] = await Promise.all([
        this.#textOf(entry),
        // counted before it begins: a message that ends the process must not come for ever
        this.#note({ kind: 'take', seq, by, deliveries }),
      ]);
      const outcome = await deliver(hand.consumption, text, deliveries);
      if (outcome.kind === 'retry') return outcome.afterMs;
      if (outcome.kind === 'dead') await this.#bury(hand, entry, text, deliveries, outcome);
      await this.#note({ kind: 'ack', seq, by });
      return null;
    } catch (err) {
      if (this.#closed) return null;
      logger.error({ err, by, seq }, 'message could not be settled');
      return this.#backOffMs;
    }
  }

  async #textOf({ place }: Entry): Promise<string> {
    const record = await this.#journal.read(place);
    if (record.kind !== 'message') throw new Error(`a ${record.kind} where a message should be`);
    return record.text;
  }

  async #bury(
    hand: Hand,
    entry: Entry,
    text: string,
    deliveries: number,
    outcome: Outcome & { kind: 'dead' },
  ) {
    const { job, subject } = entry;
    const { consumer } = hand.consumption;
    const failedAt = new Date().toISOString();
    const { reason } = outcome;
    await this.#note({
      kind: 'dead',
      id: randomUUID(),
      job,
      subject,
      consumer,
      reason,
      deliveries,
      failedAt,
      text,
    });
  }

  async deadLetters(): Promise<DeadLetter[]> {
    const places = [...this.#ledger.deadLetters().values()].slice(0, LISTED);
    const records = await Promise.all(places.map((place) => this.#journal.read(place)));
    return records.filter((record) => record.kind === 'dead').map(toDeadLetter);
  }

  async replayDeadLetter(id: string): Promise<boolean> {
    const place = this.#ledger.deadLetters().get(id);
    const letter = place && (await this.#journal.read(place));
    if (letter?.kind !== 'dead') return false;
    const { subject, job, consumer, text } = letter;
    await this.#store(subject, job, `replay-${id}`, text, job ? undefined : consumer);
    await this.#note({ kind: 'replayed', id });
    return true;
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
    if (this.#closed) return;
    const running = [...this.#queues.values()].flatMap((queue) => queue.stop());
    await endOf(running);
    this.#closed = true;
    this.#settle();
    await this.#journal.close();
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

function toDeadLetter({
  text,
  kind: _kind,
  job: _job,
  ...letter
}: JournalRecord & { kind: 'dead' }): DeadLetter {
  return { ...letter, ...peek(text) };
}
