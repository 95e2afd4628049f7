import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';

import type { FileTags } from '@volna/events';
import type { z } from 'zod';

const THREAD = fileURLToPath(new URL('./tag-thread.ts', import.meta.url));
const TIMEOUT_MS = 10_000;
/** An unused thread ends after so long. */
const IDLE_MS = 60_000;
const MAX_HEAP_MB = 192;

export interface TagReaderOptions {
  /** Files at a time; 1 unless told. */
  readonly threads?: number;
  /** How long one file may take; 10 s unless told. */
  readonly timeoutMs?: number;
}

export interface TagReader extends AsyncDisposable {
  /** The tags of a file; throws `UnreadableTagsError` where it has none that can be read. */
  read(path: string): Promise<z.infer<typeof FileTags>>;
}

/** A file's tags are broken, or cost more time or memory than tags may. */
export class UnreadableTagsError extends Error {
  override name = 'UnreadableTagsError';
}

/** Reads tags in threads: what a hostile file can take is its thread, which is replaced. */
export function openTagReader({ threads = 1, timeoutMs = TIMEOUT_MS }: TagReaderOptions = {}): TagReader {
  const lanes = Array.from({ length: threads }, () => new Lane(timeoutMs));
  const waiting: ((lane: Lane) => void)[] = [];
  const free = [...lanes];
  const take = async () => free.pop() ?? (await new Promise<Lane>((resolve) => waiting.push(resolve)));
  const give = (lane: Lane) => {
    const next = waiting.shift();
    if (next) next(lane);
    else free.push(lane);
  };
  return {
    async read(path) {
      const lane = await take();
      try {
        return await lane.read(path);
      } finally {
        give(lane);
      }
    },
    async [Symbol.asyncDispose]() {
      await Promise.all(lanes.map((lane) => lane.end()));
    },
  };
}

/** What a thread says of a file. */
export interface Reply {
  readonly tags?: z.infer<typeof FileTags>;
  readonly error?: string;
}

/** One thread, started when there is something to read. */
class Lane {
  readonly #timeoutMs: number;
  #thread: Worker | null = null;
  #idle: NodeJS.Timeout | undefined;

  constructor(timeoutMs: number) {
    this.#timeoutMs = timeoutMs;
  }

  async read(path: string): Promise<z.infer<typeof FileTags>> {
    clearTimeout(this.#idle);
    const thread = (this.#thread ??= new Worker(THREAD, {
      resourceLimits: { maxOldGenerationSizeMb: MAX_HEAP_MB },
    }));
    thread.ref();
    const answered = this.#answerOf(thread);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- that is of windows, not of threads
    thread.postMessage(path);
    try {
      const { tags, error } = await answered;
      if (tags) return tags;
      throw new UnreadableTagsError(error ?? 'no tags');
    } finally {
      thread.unref();
      this.#idle = setTimeout(() => void this.end(), IDLE_MS).unref();
    }
  }

  async #answerOf(thread: Worker): Promise<Reply> {
    const late = new AbortController();
    const timer = setTimeout(() => late.abort(), this.#timeoutMs);
    try {
      const [reply] = (await once(thread, 'message', { signal: late.signal })) as [Reply];
      return reply;
    } catch (err) {
      // late, or out of memory: what the thread has of other files is nothing
      await this.end();
      const why = late.signal.aborted
        ? 'reading the tags took too long'
        : 'reading the tags took too much memory';
      throw new UnreadableTagsError(why, { cause: err });
    } finally {
      clearTimeout(timer);
    }
  }

  async end(): Promise<void> {
    clearTimeout(this.#idle);
    const thread = this.#thread;
    this.#thread = null;
    await thread?.terminate();
  }
}
