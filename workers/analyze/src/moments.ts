/** What vectors that come one after the other have in common, in the memory of two of them (Welford, 1962). */
export class Moments {
  #count = 0;
  #mean = new Float64Array(0);
  #squares = new Float64Array(0);

  get count(): number {
    return this.#count;
  }

  get mean(): Float32Array {
    return Float32Array.from(this.#mean);
  }

  /** Of the whole of them: that of one is 0. */
  get deviation(): Float32Array {
    return Float32Array.from(this.#squares, (sum) => Math.sqrt(sum / this.#count));
  }

  add(vector: Float32Array): void {
    if (this.#count === 0)
      [this.#mean, this.#squares] = [new Float64Array(vector.length), new Float64Array(vector.length)];
    this.#count++;
    const [mean, squares, count] = [this.#mean, this.#squares, this.#count];
    for (let at = 0; at < vector.length; at++) {
      const value = vector[at] as number;
      const before = value - (mean[at] as number);
      mean[at] = (mean[at] as number) + before / count;
      squares[at] = (squares[at] as number) + before * (value - (mean[at] as number));
    }
  }
}
