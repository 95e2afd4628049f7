type Vector = readonly number[];

/** The unit vector so far along the great circle from one to another. */
export function towards(from: Vector, to: Vector, share: number): number[] {
  const angle = angleBetween(from, to);
  const sine = Math.sin(angle);
  // all but the same or opposite: there the way is straight
  const [a, b] =
    sine < 1e-6 ? [1 - share, share] : [Math.sin((1 - share) * angle) / sine, Math.sin(share * angle) / sine];
  return from.map((value, at) => a * value + b * (to[at] ?? 0));
}

/** How far along the way from one to another a third is, 0–1: by how near it is to each of them. */
export function shareOfWay(from: Vector, to: Vector, point: Vector): number {
  const [before, after] = [angleBetween(from, point), angleBetween(point, to)];
  return before + after === 0 ? 0 : before / (before + after);
}

function angleBetween(a: Vector, b: Vector): number {
  const cosine = a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
  return Math.acos(Math.min(1, Math.max(-1, cosine)));
}
