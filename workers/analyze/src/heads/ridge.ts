/** Numbers whose dot product with a vector, plus the bias, is near 1 for what is meant and near −1 for the rest. */
export interface Linear {
  readonly weights: number[];
  readonly bias: number;
}

/**
 * Ridge regression on ±1, solved for all labels of the same rows at once. The penalty is the mean variance of the rows:
 * a few dozen examples have to do for more than a hundred numbers.
 */
export function fitRidge(
  rows: readonly (readonly number[])[],
  targets: readonly (readonly boolean[])[],
): Linear[] {
  const size = rows[0]?.length ?? 0;
  const mean = Array.from(
    { length: size },
    (_, i) => rows.reduce((sum, row) => sum + row[i]!, 0) / rows.length,
  );
  const centred = rows.map((row) => Float64Array.from(row, (value, i) => value - mean[i]!));
  const gram = Array.from({ length: size }, () => new Float64Array(size));
  for (const row of centred)
    for (let i = 0; i < size; i++) for (let j = 0; j <= i; j++) gram[i]![j]! += row[i]! * row[j]!;
  const penalty = gram.reduce((sum, line, i) => sum + line[i]!, 0) / size + 1e-9;
  for (const [i, line] of gram.entries()) line[i]! += penalty;
  const lower = decompose(gram);
  return targets.map((target) => {
    const level = target.reduce((sum, is) => sum + (is ? 1 : -1), 0) / target.length;
    const right = new Float64Array(size);
    for (const [n, row] of centred.entries()) {
      const wanted = (target[n]! ? 1 : -1) - level;
      for (let i = 0; i < size; i++) right[i]! += wanted * row[i]!;
    }
    const weights = [...solve(lower, right)];
    return { weights, bias: level - weights.reduce((sum, weight, i) => sum + weight * mean[i]!, 0) };
  });
}

export function scoreOf({ weights, bias }: Linear, vector: readonly number[]): number {
  return weights.reduce((sum, weight, i) => sum + weight * vector[i]!, bias);
}

/** Cholesky, of the lower half of a positive definite matrix. */
function decompose(matrix: readonly Float64Array[]): Float64Array[] {
  const lower = matrix.map((line) => new Float64Array(line.length));
  for (let i = 0; i < matrix.length; i++) {
    for (let j = 0; j <= i; j++) {
      let value = matrix[i]![j]!;
      for (let k = 0; k < j; k++) value -= lower[i]![k]! * lower[j]![k]!;
      lower[i]![j] = i === j ? Math.sqrt(value) : value / lower[j]![j]!;
    }
  }
  return lower;
}

function solve(lower: readonly Float64Array[], right: Float64Array): Float64Array {
  const size = right.length;
  const found = right.slice();
  for (let i = 0; i < size; i++) {
    for (let k = 0; k < i; k++) found[i]! -= lower[i]![k]! * found[k]!;
    found[i]! /= lower[i]![i]!;
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) found[i]! -= lower[k]![i]! * found[k]!;
    found[i]! /= lower[i]![i]!;
  }
  return found;
}
