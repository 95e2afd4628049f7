/**
 * How long most of these vectors are. Those of two models cannot be compared, and while one takes the other's place there
 * are some of both.
 */
export function commonLength(vectors: readonly (Float32Array | null)[]): number | undefined {
  const byLength = Map.groupBy(
    vectors.flatMap((vector) => vector?.length ?? []),
    (length) => length,
  );
  return [...byLength].toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
