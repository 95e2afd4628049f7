/** One of the connections of an address, until it is disposed of. */
export interface Counted extends Disposable {
  readonly isWithin: boolean;
}

/** Counts the long-lived connections of each address. */
export class ConnectionCounter {
  readonly #counts = new Map<string, number>();
  readonly #max: number;

  constructor(max: number) {
    this.#max = max;
  }

  count(address: string): Counted {
    const count = (this.#counts.get(address) ?? 0) + 1;
    this.#counts.set(address, count);
    let isCounted = true;
    return {
      isWithin: count <= this.#max,
      [Symbol.dispose]: () => {
        if (isCounted) this.#drop(address);
        isCounted = false;
      },
    };
  }

  #drop(address: string): void {
    const left = (this.#counts.get(address) ?? 1) - 1;
    if (left > 0) this.#counts.set(address, left);
    else this.#counts.delete(address);
  }
}
