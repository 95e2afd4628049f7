/**
 * A map of bounded size that forgets what has not been used for long. Each entry counts as one, unless it is weighed.
 * There are two generations: what is used moves to the young one, and when that has half of the allowed weight, it
 * becomes the old one, whose place is given up. So at least the half that was used last is kept, and finding what was
 * found lately writes nothing. What weighs more than half is not kept.
 */
export class LruMap<Key, Value> {
  readonly #max: number;
  readonly #weigh: (key: Key, value: Value) => number;
  #young = new Map<Key, Value>();
  #old = new Map<Key, Value>();
  /** Of the young ones. */
  #weight = 0;

  constructor(max: number, weigh: (key: Key, value: Value) => number = () => 1) {
    this.#max = max;
    this.#weigh = weigh;
  }

  get(key: Key): Value | undefined {
    const value = this.#young.get(key);
    if (value !== undefined) return value;
    const old = this.#old.get(key);
    if (old !== undefined) this.set(key, old);
    return old;
  }

  set(key: Key, value: Value): void {
    this.delete(key);
    const weight = this.#weigh(key, value);
    if (weight > this.#max / 2) return;
    if (this.#weight + weight > this.#max / 2) {
      this.#old = this.#young;
      this.#young = new Map();
      this.#weight = 0;
    }
    this.#young.set(key, value);
    this.#weight += weight;
  }

  delete(key: Key): void {
    this.#old.delete(key);
    const value = this.#young.get(key);
    if (value === undefined) return;
    this.#young.delete(key);
    this.#weight -= this.#weigh(key, value);
  }

  /** The value of a key, made and kept when it is not there. */
  take(key: Key, make: () => Value): Value {
    const known = this.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.set(key, value);
    return value;
  }
}
