/** One thing measured, beside what it is held against. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly ours: number;
  /** The peer or the floor, measured in the same run; null where the limit is in the unit itself. */
  readonly peer: number | null;
  /** Most that `ours / peer` may be, or `ours` where there is no peer. */
  readonly limit: number;
}

/** A figure that this machine cannot give, and why. */
export interface Skipped {
  readonly name: string;
  readonly skipped: string;
}

export type Row = Figure | Skipped;

export interface BenchOptions {
  /** How many times each side is measured; the median counts. */
  readonly rounds: number;
  readonly tell: (what: string) => void;
}

export type Benchmark = (options: BenchOptions) => Promise<readonly Row[]>;

/** What 95 of 100 do not exceed. */
export function p95(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? NaN;
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low = NaN, high = NaN] =
    sorted.length % 2 ? [sorted[middle], sorted[middle]] : sorted.slice(middle - 1);
  return (low + high) / 2;
}

export function isMet({ ours, peer, limit }: Figure): boolean {
  return ours / (peer ?? 1) <= limit;
}

const COLUMNS = [34, 16, 16, 8, 9] as const;

export function tableHead(): string {
  return line(['benchmark', 'ours', 'peer', 'ratio', 'target'], '');
}

/** The figure as one line of the table. */
export function tableLine(row: Row): string {
  if ('skipped' in row) return `${row.name.padEnd(COLUMNS[0])}skipped: ${row.skipped}`;
  const { name, unit, ours, peer, limit } = row;
  const value = (number: number) => `${Number(number.toPrecision(3))} ${unit}`;
  const ratio = peer === null ? '' : (ours / peer).toFixed(2);
  const target = `≤ ${peer === null ? limit : limit.toFixed(2)}`;
  return line(
    [name, value(ours), peer === null ? '' : value(peer), ratio, target],
    isMet(row) ? 'PASS' : 'MISS',
  );
}

function line(cells: readonly string[], verdict: string): string {
  return `${cells.map((cell, at) => cell.padEnd(COLUMNS[at] ?? 0)).join('')}${verdict}`;
}
