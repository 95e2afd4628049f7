import type { Consumption } from './bus-delivery.ts';

/** One subscription: so many messages at a time. */
export interface Hand {
  readonly consumption: Consumption;
  readonly concurrency: number;
  readonly running: Set<Promise<void>>;
}

export type Deliver = (hand: Hand, seq: number) => Promise<number | null>;

/** The messages that one consumer has yet to handle, and the hands that do it. */
export class Queue {
  /** `Consumption.consumer`, or everyone for a job. */
  readonly by: string;
  readonly #deliver: Deliver;
  readonly #onSettled: () => void;
  readonly #ready: number[] = [];
  /** All that are ready, running or paused. */
  readonly #held = new Set<number>();
  readonly #paused = new Set<NodeJS.Timeout>();
  readonly #hands = new Set<Hand>();
  #running = 0;

  /** `deliver` gives the pause before the next delivery, or null when there is none to come. */
  constructor(by: string, deliver: Deliver, onSettled: () => void) {
    this.by = by;
    this.#deliver = deliver;
    this.#onSettled = onSettled;
  }

  /** How much somebody is at work on; what nobody takes does not count. */
  get busy(): number {
    return this.#hands.size === 0 ? this.#running : this.#running + this.#ready.length + this.#paused.size;
  }

  add(hand: Hand): void {
    this.#hands.add(hand);
    this.#pump();
  }

  remove(hand: Hand): void {
    this.#hands.delete(hand);
    this.#onSettled();
  }

  /** Does nothing for a message that is here already. */
  push(seq: number): void {
    if (this.#held.has(seq)) return;
    this.#held.add(seq);
    this.#ready.push(seq);
    this.#pump();
  }

  /** Hands out nothing more; what is running goes on. */
  stop(): Promise<void>[] {
    for (const timer of this.#paused) clearTimeout(timer);
    const running = [...this.#hands].flatMap((hand) => [...hand.running]);
    this.#hands.clear();
    return running;
  }

  #pump(): void {
    while (this.#ready.length > 0) {
      const hand = freest(this.#hands);
      const seq = hand && this.#ready.shift();
      if (!hand || seq === undefined) return;
      this.#running++;
      const run = this.#run(hand, seq).finally(() => hand.running.delete(run));
      hand.running.add(run);
    }
  }

  async #run(hand: Hand, seq: number): Promise<void> {
    const againAfterMs = await this.#deliver(hand, seq);
    this.#running--;
    if (againAfterMs === null) this.#held.delete(seq);
    else this.#pause(seq, againAfterMs);
    // the hand is free only after this promise has settled
    setImmediate(() => {
      this.#pump();
      this.#onSettled();
    });
  }

  #pause(seq: number, ms: number): void {
    const timer = setTimeout(() => {
      this.#paused.delete(timer);
      this.#ready.push(seq);
      this.#pump();
    }, ms);
    this.#paused.add(timer);
  }
}

function freest(hands: ReadonlySet<Hand>): Hand | undefined {
  let best: Hand | undefined;
  for (const hand of hands) {
    if (hand.running.size >= hand.concurrency) continue;
    if (!best || hand.running.size < best.running.size) best = hand;
  }
  return best;
}
