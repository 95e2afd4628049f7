import { writeFile } from 'node:fs/promises';
import { extname } from 'node:path';

export interface Reported {
  readonly id: string;
  readonly fault: string;
  readonly verdict: 'PASSED' | 'FAILED' | 'SKIPPED';
  readonly happened: string;
  readonly recoveryMs: number | null;
  readonly problems: readonly string[];
  readonly tookMs: number;
}

const HEAD = ['', 'fault', 'what happened', 'time to recover', 'verdict'];

/** A table in Markdown with everything that went wrong below it. */
export function describeReport(rows: readonly Reported[], seed: number): string {
  const lines = [`seed ${seed}`, '', line(HEAD), line(HEAD.map(() => '---')), ...rows.map(tableLine)];
  const wrong = rows.flatMap(({ id, problems }) => problems.map((problem) => `- ${id}: ${problem}`));
  return `${[...lines, '', ...wrong].join('\n')}\n`;
}

export function tableLine({ id, fault, happened, recoveryMs, verdict }: Reported): string {
  return line([
    id,
    fault,
    happened,
    recoveryMs === null ? '–' : `${(recoveryMs / 1000).toFixed(1)} s`,
    verdict,
  ]);
}

/** As JSON where the file's name says so, else as Markdown. */
export async function writeReport(file: string, rows: readonly Reported[], seed: number): Promise<void> {
  const isJson = extname(file) === '.json';
  await writeFile(file, isJson ? `${JSON.stringify({ seed, rows }, null, 2)}\n` : describeReport(rows, seed));
}

const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
