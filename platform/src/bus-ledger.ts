import type { JournalRecord, Line, MessageRecord, Place } from './bus-journal-record.ts';
import { DUPLICATE_WINDOW_MS, EVENT_MAX_AGE_MS } from './bus.ts';

/** How many events are kept for consumers whose name has not been heard yet. */
const RECENT_EVENTS = 1_000;
const DEAD_LETTERS = 10_000;

/** The `by` of jobs, which all consumers share. */
export const EVERYONE = '*';

export interface Entry {
  readonly seq: number;
  readonly job: boolean;
  readonly subject: string;
  readonly at: number;
  readonly onlyFor: string | undefined;
  place: Place;
  /** Who is done with it, and how often it was delivered to whom. */
  readonly acked: Set<string>;
  readonly deliveries: Map<string, number>;
}

/** Which messages there are and who has yet to handle them. Holds no bodies. */
export class Ledger {
  readonly #entries = new Map<number, Entry>();
  readonly #consumers = new Map<string, Set<string>>();
  readonly #recent = new Set<number>();
  readonly #ids = new Map<string, { job: boolean; id: string; at: number }>();
  readonly #dead = new Map<string, Place>();
  #lastSeq = 0;

  nextSeq(): number {
    return ++this.#lastSeq;
  }

  entry(seq: number): Entry | undefined {
    return this.#entries.get(seq);
  }

  consumersOf(subject: string): ReadonlySet<string> {
    return this.#consumers.get(subject) ?? new Set();
  }

  /** What this consumer has yet to handle, in order. */
  pending(subject: string, by: string): Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.subject === subject && isFor(entry, by));
  }

  /** What is held of these subjects, as it is now. */
  entriesOf(subjects: ReadonlySet<string>): Entry[] {
    return [...this.#entries.values()].filter(({ subject }) => subjects.has(subject));
  }

  /** Forgets an entry, whoever has yet to handle it; false when it is not there. The journal has to be written anew. */
  drop(seq: number): boolean {
    this.#recent.delete(seq);
    return this.#entries.delete(seq);
  }

  deadLetters(): ReadonlyMap<string, Place> {
    return this.#dead;
  }

  /** False for a message that was stored a short while ago; notes it otherwise. */
  claimId(id: string, job: boolean, at = Date.now()): boolean {
    for (const [known, seen] of this.#ids) {
      if (seen.at > at - DUPLICATE_WINDOW_MS) break;
      this.#ids.delete(known);
    }
    if (this.#ids.has(idKey(id, job))) return false;
    this.#noteId(id, job, at);
    return true;
  }

  releaseId(id: string, job: boolean): void {
    this.#ids.delete(idKey(id, job));
  }

  /** Takes over what the journal says. */
  apply(record: JournalRecord, place: Place): void {
    switch (record.kind) {
      case 'message':
        return this.#add(record, place);
      case 'consumer':
        return this.#addConsumer(record.subject, record.by);
      case 'take':
        this.#entries.get(record.seq)?.deliveries.set(record.by, record.deliveries);
        return;
      case 'ack':
        return this.#ack(record.seq, record.by);
      case 'dead':
        this.#dead.set(record.id, place);
        return dropFirst(this.#dead, DEAD_LETTERS);
      case 'replayed':
        this.#dead.delete(record.id);
        return;
      case 'seen':
        return this.#noteId(record.id, record.job, record.at);
    }
  }

  #noteId(id: string, job: boolean, at: number): void {
    if (at > Date.now() - DUPLICATE_WINDOW_MS) this.#ids.set(idKey(id, job), { job, id, at });
  }

  #add({ seq, job, subject, id, at, onlyFor }: MessageRecord, place: Place): void {
    this.#lastSeq = Math.max(this.#lastSeq, seq);
    const entry = { seq, job, subject, at, onlyFor, place, acked: new Set<string>(), deliveries: new Map() };
    this.#entries.set(seq, entry);
    this.#noteId(id, job, at);
    if (job) return;
    this.#recent.add(seq);
    if (this.#recent.size <= RECENT_EVENTS) return;
    const [oldest = 0] = this.#recent;
    this.#recent.delete(oldest);
    this.#forgetIfDone(oldest);
  }

  #addConsumer(subject: string, by: string): void {
    const names = this.#consumers.get(subject) ?? new Set();
    this.#consumers.set(subject, names.add(by));
  }

  #ack(seq: number, by: string): void {
    const entry = this.#entries.get(seq);
    entry?.acked.add(by);
    entry?.deliveries.delete(by);
    this.#forgetIfDone(seq);
  }

  #forgetIfDone(seq: number): void {
    const entry = this.#entries.get(seq);
    if (entry && !this.#isNeeded(entry)) this.#entries.delete(seq);
  }

  #isNeeded(entry: Entry): boolean {
    if (entry.job) return !entry.acked.has(EVERYONE);
    if (entry.at < Date.now() - EVENT_MAX_AGE_MS) return false;
    if (this.#recent.has(entry.seq)) return true;
    return [...this.consumersOf(entry.subject)].some((name) => isFor(entry, name));
  }

  /** All that a journal has to say so that a new ledger knows as much as this one; drops what is too old. */
  *snapshot(): Generator<Line> {
    for (const [subject, names] of this.#consumers) {
      for (const by of names) yield { record: { kind: 'consumer', subject, by } };
    }
    for (const { job, id, at } of this.#ids.values()) yield { record: { kind: 'seen', job, id, at } };
    for (const seq of this.#entries.keys()) this.#forgetIfDone(seq);
    for (const entry of this.#entries.values()) {
      const { seq, place } = entry;
      yield { place, moved: (to) => void (entry.place = to) };
      for (const by of entry.acked) yield { record: { kind: 'ack', seq, by } };
      for (const [by, deliveries] of entry.deliveries)
        yield { record: { kind: 'take', seq, by, deliveries } };
    }
    for (const [id, place] of this.#dead) yield { place, moved: (to) => void this.#dead.set(id, to) };
  }
}

function isFor(entry: Entry, by: string): boolean {
  return !entry.acked.has(by) && (entry.onlyFor === undefined || entry.onlyFor === by);
}

function idKey(id: string, job: boolean): string {
  return `${job ? 'job' : 'event'} ${id}`;
}

function dropFirst(map: Map<string, unknown>, limit: number): void {
  const [first] = map.keys();
  if (map.size > limit && first !== undefined) map.delete(first);
}
