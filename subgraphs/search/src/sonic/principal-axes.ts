const ITERATIONS = 200;

/** Two directions along which vectors differ most, and how much they do along the first. */
export interface Axes {
  readonly mean: Float64Array;
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** Standard deviation along the first. */
  readonly spread: number;
}

/** Sums from which the axes of any number of vectors are found, without keeping one of them. */
export class Scatter {
  readonly #dimension: number;
  readonly #sum: Float64Array;
  /** Sums of products; only what is on and above the diagonal. */
  readonly #products: Float64Array;
  #count = 0;

  constructor(dimension: number) {
    this.#dimension = dimension;
    this.#sum = new Float64Array(dimension);
    this.#products = new Float64Array(dimension * dimension);
  }

  get count(): number {
    return this.#count;
  }

  add(vector: Float32Array): void {
    const [size, sum, products] = [this.#dimension, this.#sum, this.#products];
    for (let row = 0; row < size; row++) {
      const value = vector[row]!;
      sum[row]! += value;
      for (let column = row; column < size; column++)
        products[row * size + column]! += value * vector[column]!;
    }
    this.#count++;
  }

  /** The two strongest principal components: the same for the same vectors, in the same order or another. */
  axes(): Axes {
    const covariance = this.#covariance();
    const first = strongest(covariance, this.#dimension);
    const variance = lengthAlong(covariance, first);
    const second = strongest(without(covariance, first, variance), this.#dimension);
    const mean = this.#sum.map((value) => value / this.#count);
    return { mean, first, second, spread: Math.sqrt(Math.max(0, variance)) };
  }

  #covariance(): Float64Array {
    const [size, sum, count] = [this.#dimension, this.#sum, this.#count];
    return Float64Array.from({ length: size * size }, (_, index) => {
      const [a, b] = [Math.floor(index / size), index % size];
      const product = this.#products[Math.min(a, b) * size + Math.max(a, b)] ?? 0;
      return product / count - ((sum[a] ?? 0) / count) * ((sum[b] ?? 0) / count);
    });
  }
}

/** The direction that a matrix stretches most, by repeated multiplication; its largest number is positive. */
function strongest(matrix: Float64Array, size: number): Float64Array {
  let vector = Float64Array.from({ length: size }, (_, at) => 1 / (at + 1));
  for (let round = 0; round < ITERATIONS; round++) {
    const next = multiply(matrix, vector);
    const length = Math.hypot(...next);
    // no vector differs from another
    if (length === 0) return vector.fill(0);
    vector = next.map((value) => value / length);
  }
  const largest = vector.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
  return largest < 0 ? vector.map((value) => -value) : vector;
}

function multiply(matrix: Float64Array, vector: Float64Array): Float64Array {
  const size = vector.length;
  return vector.map((_, row) => {
    let sum = 0;
    for (let column = 0; column < size; column++) sum += matrix[row * size + column]! * vector[column]!;
    return sum;
  });
}

function lengthAlong(matrix: Float64Array, vector: Float64Array): number {
  return multiply(matrix, vector).reduce((sum, value, at) => sum + value * (vector[at] ?? 0), 0);
}

/** The matrix less what it does along one direction. */
function without(matrix: Float64Array, vector: Float64Array, strength: number): Float64Array {
  const size = vector.length;
  return matrix.map(
    (value, index) =>
      value - strength * (vector[Math.floor(index / size)] ?? 0) * (vector[index % size] ?? 0),
  );
}
