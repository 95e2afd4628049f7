import type { ImportRunFieldsFragment } from '@volna/gateway/client';

type Run = ImportRunFieldsFragment;

const WIDTH = 24;
/** The rate is that of the last seconds. */
const WINDOW_MS = 5_000;

export interface ProgressLine extends Disposable {
  show(run: Run): void;
}

/** One bar for the phase that a run is in where there is a terminal, one line a phase where there is none. */
export function openProgressLine(out: NodeJS.WriteStream): ProgressLine {
  let last = '';
  let seen: { at: number; count: number }[] = [];
  return {
    show(run) {
      const { total, done } = phaseOf(run);
      if (run.state !== last) {
        if (out.isTTY && last !== '') out.write('\n');
        seen = [];
        last = run.state;
        if (!out.isTTY) out.write(`  ${nameOf(run.state)}${total ? `: ${total} files` : ''}\n`);
      }
      const now = Date.now();
      seen = [...seen.filter(({ at }) => now - at < WINDOW_MS), { at: now, count: done }];
      if (out.isTTY) out.write(`\r\u001B[K${lineOf(run, rateOf(seen))}`);
    },
    [Symbol.dispose]() {
      if (out.isTTY && last !== '') out.write('\n');
    },
  };
}

/** How far the phase is; 0 in all where that cannot be known. */
function phaseOf(run: Run): { readonly done: number; readonly total: number } {
  const wanted = run.fresh + run.changed;
  const taken = run.imported + run.copies + run.moved + run.failed;
  const phases: Partial<Record<Run['state'], readonly [number, number]>> = {
    SCANNING: [run.found, 0],
    READING: [Math.min(wanted, run.read + run.failed), wanted],
    STORING: [Math.min(wanted, taken), wanted],
    PROCESSING: [Math.max(0, run.imported - run.processing), run.imported],
  };
  const [done, total] = phases[run.state] ?? [0, 0];
  return { done, total };
}

function rateOf(seen: readonly { at: number; count: number }[]): number {
  const [first, last] = [seen[0], seen.at(-1)];
  if (!first || !last || last.at === first.at) return 0;
  return Math.max(0, last.count - first.count) / ((last.at - first.at) / 1000);
}

function lineOf(run: Run, rate: number): string {
  const { done, total } = phaseOf(run);
  const share = total === 0 ? 0 : done / total;
  const full = Math.round(share * WIDTH);
  const bar = total === 0 ? ' '.repeat(WIDTH) : '█'.repeat(full) + '░'.repeat(WIDTH - full);
  const count = total === 0 ? String(done) : `${done}/${total}`;
  return `  ${bar}  ${nameOf(run.state).padEnd(14)} ${count.padStart(11)} files  ${rate.toFixed(rate < 10 ? 1 : 0)} files/s`;
}

const NAMES: Readonly<Record<Run['state'], string>> = {
  QUEUED: 'waiting',
  SCANNING: 'looking around',
  READING: 'reading tags',
  STORING: 'taking in',
  PROCESSING: 'processing',
  DONE: 'done',
  CANCELLED: 'cancelled',
  FAILED: 'failed',
};

const nameOf = (state: Run['state']) => NAMES[state];
