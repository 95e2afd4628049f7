import { headers, type JetStreamClient, type JetStreamManager, NatsError, type StoredMsg } from 'nats';
import { z } from 'zod';

import { peek } from './bus-envelope.ts';
import { ONLY_FOR } from './bus-nats-consumer.ts';
import type { Names } from './bus-nats-streams.ts';
import type { DeadLetter } from './bus.ts';

const LISTED = 1_000;
const NOT_FOUND = '404';

/** What the stream of dead letters holds. */
const Buried = z.object({
  subject: z.string(),
  consumer: z.string(),
  reason: z.string(),
  deliveries: z.number(),
  failedAt: z.string(),
  /** The message as it was published. */
  text: z.string(),
});
type Buried = z.infer<typeof Buried>;

/** The stream of messages that were given up. A letter's id is its number in the stream. */
export class NatsDeadLetters {
  readonly #client: JetStreamClient;
  readonly #manager: JetStreamManager;
  readonly #names: Names;
  readonly #timeoutMs: number;

  constructor(client: JetStreamClient, manager: JetStreamManager, names: Names, timeoutMs: number) {
    this.#client = client;
    this.#manager = manager;
    this.#names = names;
    this.#timeoutMs = timeoutMs;
  }

  async bury(letter: Omit<Buried, 'failedAt'>): Promise<void> {
    const buried: Buried = { ...letter, failedAt: new Date().toISOString() };
    const subject = this.#names.subject(`dead-letters.${letter.subject}`);
    await this.#client.publish(subject, JSON.stringify(buried), { timeout: this.#timeoutMs });
  }

  async list(): Promise<DeadLetter[]> {
    const letters: DeadLetter[] = [];
    for (let seq = 1; letters.length < LISTED;) {
      const stored = await this.#read({ seq, next_by_subj: this.#names.subject('dead-letters.>') });
      if (!stored) break;
      letters.push(toDeadLetter(stored.seq, Buried.parse(stored.json())));
      seq = stored.seq + 1;
    }
    return letters;
  }

  async replay(id: string): Promise<boolean> {
    const seq = Number(id);
    if (!Number.isSafeInteger(seq) || seq < 1) return false;
    const stored = await this.#read({ seq });
    if (!stored) return false;
    const { subject, consumer, text } = Buried.parse(stored.json());

    const only = headers();
    only.set(ONLY_FOR, consumer);
    const msgID = `replay-${id}`;
    await this.#client.publish(this.#names.subject(subject), text, {
      headers: only,
      msgID,
      timeout: this.#timeoutMs,
    });
    await this.#manager.streams.deleteMessage(this.#names.deadLetters, seq, false);
    return true;
  }

  async #read(query: { seq: number; next_by_subj?: string }): Promise<StoredMsg | null> {
    try {
      return await this.#manager.streams.getMessage(this.#names.deadLetters, query);
    } catch (err) {
      if (err instanceof NatsError && err.code === NOT_FOUND) return null;
      throw err;
    }
  }
}

function toDeadLetter(seq: number, { text, ...letter }: Buried): DeadLetter {
  return { id: String(seq), ...letter, ...peek(text) };
}
