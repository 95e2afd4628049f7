import { randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';

import {
  createMemoryJournal,
  type DeadRecord,
  type Journal,
  type JournalRecord,
  type MessageRecord,
} from './bus-journal-record.ts';
import { FileJournal } from './bus-journal.ts';
import { type Entry, Ledger } from './bus-ledger.ts';
import { logger } from './log.ts';

const COMPACT_BYTES = 16 << 20;

export interface StoreOptions {
  /** Where messages outlive the process; without one they don't. One process at a time. */
  readonly directory?: string;
  /** Size from which on a journal of mostly handled messages is written anew. */
  readonly compactBytes?: number;
}

/** A message's text, and the how-manieth delivery to this consumer it is about to have. */
export interface Taken {
  readonly entry: Entry;
  readonly text: string;
  readonly deliveries: number;
}

/** The messages of an embedded bus: what the ledger knows, the journal has. */
export class EmbeddedStore {
  readonly #journal: Journal;
  readonly #compactBytes: number;
  #compactAtBytes: number;
  #closed = false;
  readonly #storing = new Map<string, Promise<number>>();
  readonly ledger: Ledger;

  private constructor(journal: Journal, ledger: Ledger, compactBytes: number) {
    this.#journal = journal;
    this.ledger = ledger;
    this.#compactBytes = compactBytes;
    this.#compactAtBytes = Math.max(compactBytes, 2 * journal.sizeBytes);
  }

  static async open({ directory, compactBytes = COMPACT_BYTES }: StoreOptions): Promise<EmbeddedStore> {
    const ledger = new Ledger();
    if (directory === undefined) return new EmbeddedStore(createMemoryJournal(), ledger, compactBytes);
    await mkdir(directory, { recursive: true });
    const journal = await FileJournal.open(join(directory, 'bus.jsonl'), (record, place) => {
      ledger.apply(record, place);
    });
    await journal.rewrite(() => ledger.snapshot());
    return new EmbeddedStore(journal, ledger, compactBytes);
  }

  get isClosed(): boolean {
    return this.#closed;
  }

  /** Stores a message; gives its number, or null when one of its id was stored a short while ago. */
  async add(message: Omit<MessageRecord, 'kind' | 'seq' | 'at'>): Promise<number | null> {
    const { id, job } = message;
    const key = `${job} ${id}`;
    if (!this.ledger.claimId(id, job)) {
      // another publisher is at it: stored is stored only when it is there
      await this.#storing.get(key);
      return null;
    }
    const seq = this.ledger.nextSeq();
    const stored = this.#note({ kind: 'message', seq, at: Date.now(), ...message }).then(() => seq);
    this.#storing.set(key, stored);
    try {
      return await stored;
    } catch (err) {
      this.ledger.releaseId(id, job);
      throw err;
    } finally {
      this.#storing.delete(key);
      this.#compactIfDue();
    }
  }

  async addConsumer(subject: string, by: string): Promise<void> {
    if (!this.ledger.consumersOf(subject).has(by)) await this.#note({ kind: 'consumer', subject, by });
  }

  /**
   * A message that this consumer has yet to handle, or null. Counts its delivery before it begins: a message
   * that ends the process must not come for ever.
   */
  async take(seq: number, by: string): Promise<Taken | null> {
    const entry = this.ledger.entry(seq);
    if (!entry || entry.acked.has(by)) return null;
    const deliveries = (entry.deliveries.get(by) ?? 0) + 1;
    const reading = this.#journal.read(entry.place);
    const [record] = await Promise.all([reading, this.#note({ kind: 'take', seq, by, deliveries })]);
    if (record.kind !== 'message') throw new Error(`a ${record.kind} where a message should be`);
    return { entry, text: record.text, deliveries };
  }

  async ack(seq: number, by: string): Promise<void> {
    await this.#note({ kind: 'ack', seq, by });
  }

  async bury({ entry, text, deliveries }: Taken, consumer: string, reason: string): Promise<void> {
    const { job, subject } = entry;
    const failedAt = new Date().toISOString();
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

  async deadLetters(limit: number): Promise<DeadRecord[]> {
    const ids = [...this.ledger.deadLetters().keys()].slice(0, limit);
    const letters = await Promise.all(ids.map((id) => this.deadLetter(id)));
    return letters.filter((letter) => letter !== null);
  }

  async deadLetter(id: string): Promise<DeadRecord | null> {
    const place = this.ledger.deadLetters().get(id);
    const record = place && (await this.#journal.read(place));
    return record?.kind === 'dead' ? record : null;
  }

  async dropDeadLetter(id: string): Promise<void> {
    await this.#note({ kind: 'replayed', id });
  }

  /** Takes messages and dead letters out of the ledger and the file, where their text holds any of these words. */
  async forget(subjects: ReadonlySet<string>, words: readonly string[]): Promise<number> {
    const holds = (text: string): boolean => words.some((word) => text.includes(word));
    let count = 0;
    for (const { seq, place } of this.ledger.entriesOf(subjects)) {
      const record = await this.#journal.read(place);
      if (record.kind === 'message' && holds(record.text) && this.ledger.drop(seq)) count++;
    }
    for (const [id, place] of this.ledger.deadLetters()) {
      const record = await this.#journal.read(place);
      if (record.kind !== 'dead' || !subjects.has(record.subject) || !holds(record.text)) continue;
      await this.dropDeadLetter(id);
      count++;
    }
    // handled messages stand in the file until it is written anew, whether the ledger still knows them or not
    await this.#journal.rewrite(() => this.ledger.snapshot());
    return count;
  }

  /** Writes a record down, then acts on it. */
  async #note(record: JournalRecord): Promise<void> {
    if (this.#closed) throw new Error('the bus is closed');
    this.ledger.apply(record, await this.#journal.append(record));
  }

  #compactIfDue(): void {
    if (this.#journal.sizeBytes < this.#compactAtBytes) return;
    this.#compactAtBytes = Infinity;
    void this.#journal
      .rewrite(() => this.ledger.snapshot())
      .catch((err: unknown) => logger.error({ err }, 'journal could not be compacted'))
      .finally(() => {
        this.#compactAtBytes = Math.max(this.#compactBytes, 2 * this.#journal.sizeBytes);
      });
  }

  async close(): Promise<void> {
    this.#closed = true;
    await this.#journal.close();
  }
}
