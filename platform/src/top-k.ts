/**
 * The k highest of any number of scores, in a heap with the lowest of them on top, so that most of what comes
 * is dismissed by one comparison.
 */
export class TopK {
  readonly #k: number;
  readonly #scores: number[] = [];
  readonly #items: number[] = [];

  constructor(k: number) {
    this.#k = k;
  }

  /** No score up to this one gets in any more. */
  get floor(): number {
    return this.#scores.length < this.#k ? -Infinity : (this.#scores[0] ?? Infinity);
  }

  offer(score: number, item: number): void {
    if (this.#scores.length < this.#k) this.#rise(score, item);
    else if (score > (this.#scores[0] ?? Infinity)) this.#sink(score, item);
  }

  /** Highest first, and of equals the lower item; which of the equals at the end are kept is by chance. */
  sorted(): { score: number; item: number }[] {
    return this.#items
      .map((item, index) => ({ item, score: this.#scores[index] ?? 0 }))
      .toSorted((a, b) => b.score - a.score || a.item - b.item);
  }

  /** Puts one more at the end and lifts it over whatever is higher. */
  #rise(score: number, item: number): void {
    let at = this.#scores.length;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (this.#score(parent) <= score) break;
      this.#set(at, this.#score(parent), this.#items[parent]);
      at = parent;
    }
    this.#set(at, score, item);
  }

  /** Puts one in the place of the lowest and lets it down under whatever is lower. */
  #sink(score: number, item: number): void {
    let at = 0;
    for (let child = 1; child < this.#scores.length; child = 2 * at + 1) {
      const lower = this.#score(child + 1) < this.#score(child) ? child + 1 : child;
      if (this.#score(lower) >= score) break;
      this.#set(at, this.#score(lower), this.#items[lower]);
      at = lower;
    }
    this.#set(at, score, item);
  }

  #score(index: number): number {
    return this.#scores[index] ?? Infinity;
  }

  #set(index: number, score: number, item: number | undefined): void {
    this.#scores[index] = score;
    this.#items[index] = item ?? 0;
  }
}
