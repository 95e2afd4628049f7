/** 95 %, of a share: Wilson (1927). */
export function intervalOf(right: number, asked: number): string {
  const z = 1.96;
  const share = right / asked;
  const middle = (share + z ** 2 / (2 * asked)) / (1 + z ** 2 / asked);
  const half = (z / (1 + z ** 2 / asked)) * Math.sqrt((share * (1 - share)) / asked + (z / (2 * asked)) ** 2);
  return `${(middle - half).toFixed(3)} to ${(middle + half).toFixed(3)}`;
}

/** 95 %, of what is computed of groups: groups are drawn anew, since what is within one is alike. */
export function redrawnInterval<T>(
  groups: readonly T[],
  compute: (drawn: readonly T[]) => number,
  chance: () => number,
): string {
  const values = Array.from({ length: 1_000 }, () =>
    compute(groups.map(() => groups[Math.floor(chance() * groups.length)]!)),
  ).toSorted((a, b) => a - b);
  return `${values[25]!.toFixed(3)} to ${values[974]!.toFixed(3)}`;
}

/** The rate at which as many real ones are suspected as others pass. */
export function equalErrorRate(real: readonly number[], fake: readonly number[]): number {
  const [reals, fakes] = [real.toSorted((a, b) => a - b), fake.toSorted((a, b) => a - b)];
  let best = { apart: Infinity, rate: 1 };
  for (const threshold of [...reals, ...fakes]) {
    const suspected = 1 - below(reals, threshold) / reals.length;
    const passed = below(fakes, threshold) / fakes.length;
    const apart = Math.abs(suspected - passed);
    if (apart < best.apart) best = { apart, rate: (suspected + passed) / 2 };
  }
  return best.rate;
}

/** How many of the sorted values are below one. */
function below(sorted: readonly number[], value: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (sorted[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

const BINS = 10;

/** How far the mean probability of each tenth of the range is from the share that is fake, both kinds as frequent. */
export function calibrationError(real: readonly number[], fake: readonly number[]): number {
  const off = new Float64Array(BINS);
  const add = (probabilities: readonly number[], truth: number) => {
    for (const probability of probabilities)
      off[Math.min(BINS - 1, Math.floor(probability * BINS))]! +=
        (probability - truth) / (2 * probabilities.length);
  };
  add(real, 0);
  add(fake, 1);
  return off.reduce((sum, value) => sum + Math.abs(value), 0);
}
