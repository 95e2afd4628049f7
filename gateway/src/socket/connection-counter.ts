/** One of the connections of an address, until it is disposed of. */
export interface Counted extends Disposable {
  readonly isWithin: boolean;
}

/** Counts the long-lived connections of each address, and of all together. */
export class ConnectionCounter {
  readonly #counts = new Map<string, number>();
  readonly #maxPerAddress: number;
  readonly #max: number;
  #all = 0;

  constructor(maxPerAddress: number, max = Infinity) {
    this.#maxPerAddress = maxPerAddress;
    this.#max = max;
  }

  count(address: string): Counted {
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    this.#all++;
    let isCounted = true;
    return {
      isWithin: count <= this.#maxPerAddress && this.#all <= this.#max,
      [Symbol.dispose]: () => {
        if (isCounted) this.#drop(address);
        isCounted = false;
      },
    };
  }

  #drop(address: string): void {
    this.#all--;
    const left = (this.#counts.get(address) ?? 1) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }
}
