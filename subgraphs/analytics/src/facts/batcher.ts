/** Most items that are written at once. */
const MOST = 1_000;
/** How long the first item of a batch waits for others; while a batch is being written, others gather anyway. */
const LINGER_MS = 10;
/** SQLSTATE classes that say that the data is at fault, not the database. */
const BAD_DATA = /^2[23]/;

interface Waiting<Item> {
  readonly item: Item;
  readonly resolve: () => void;
  readonly reject: (err: unknown) => void;
}

export interface BatcherOptions {
  readonly most?: number;
  readonly lingerMs?: number;
}

/** Gathers items that come one by one and writes many at once; each learns whether its own is written. */
export class Batcher<Item> implements AsyncDisposable {
  readonly #write: (items: Item[]) => Promise<void>;
  readonly #most: number;
  readonly #lingerMs: number;
  readonly #waiting: Waiting<Item>[] = [];
  #timer: NodeJS.Timeout | undefined;
  #writing: Promise<void> | undefined;

  constructor(
    write: (items: Item[]) => Promise<void>,
    { most = MOST, lingerMs = LINGER_MS }: BatcherOptions = {},
  ) {
    this.#write = write;
    this.#most = most;
    this.#lingerMs = lingerMs;
  }

  /** Resolves once the item is written with its batch. */
  add(item: Item): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.#waiting.push({ item, resolve, reject });
    if (!this.#writing && this.#waiting.length >= this.#most) this.#begin();
    else if (!this.#writing) this.#timer ??= setTimeout(() => this.#begin(), this.#lingerMs);
    return promise;
  }

  #begin(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#writing ??= this.#drain().finally(() => {
      this.#writing = undefined;
      // what came since the last look found a batch being written, and set no timer
      if (this.#waiting.length > 0) this.#begin();
    });
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      // oxlint-disable-next-line no-await-in-loop -- one batch after the other
      await this.#settle(this.#waiting.splice(0, this.#most));
    }
  }

  /** Writes a batch; where its data is at fault, the halves of it apart, so that one bad item fails alone. */
  async #settle(batch: readonly Waiting<Item>[]): Promise<void> {
    try {
      await this.#write(batch.map(({ item }) => item));
      for (const { resolve } of batch) resolve();
    } catch (err) {
      if (batch.length > 1 && isBadData(err)) {
        const middle = batch.length >> 1;
        await this.#settle(batch.slice(0, middle));
        await this.#settle(batch.slice(middle));
      } else for (const { reject } of batch) reject(err);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#waiting.length > 0) this.#begin();
    // oxlint-disable-next-line no-await-in-loop -- one run may begin the next
    while (this.#writing) await this.#writing;
  }
}

function isBadData(err: unknown): boolean {
  return BAD_DATA.test((err as { readonly code?: string }).code ?? '');
}
