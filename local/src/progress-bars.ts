import { elapsed } from './bootstrap/step.mjs';
import type { Step } from './client/send-file.ts';

const WIDTH = 24;
const REDRAW_MS = 1_000;
/** Where lines stay, one that says what is under way comes so often. */
const STILL_MS = 15_000;

export interface ProgressBars extends Disposable {
  step(name: string, step: Step): void;
}

interface Item extends Step {
  readonly begun: number;
}

interface Work {
  readonly total: number;
  readonly begun: number;
  readonly running: ReadonlyMap<string, Item>;
  done: number;
}

interface Display extends Disposable {
  /** One of those that run has come further. */
  moved(): void;
  /** One has ended, and runs no more. */
  ended(name: string, item: Item): void;
}

/** Where there is a terminal, a bar for each that is under way; elsewhere a line for each that has ended. */
export function openProgressBars(out: NodeJS.WriteStream, total: number): ProgressBars {
  const running = new Map<string, Item>();
  const work: Work = { total, begun: Date.now(), running, done: 0 };
  const display = out.isTTY ? openTerminal(out, work) : openLines(out, work);
  return {
    step(name, step) {
      const known = running.get(name);
      // what fails stays where it was
      const percent = Math.max(step.percent, known?.percent ?? 0);
      const item = { ...step, percent, begun: known?.begun ?? Date.now() };
      if (!step.done) {
        running.set(name, item);
        display.moved();
        return;
      }
      running.delete(name);
      work.done++;
      display.ended(name, item);
    },
    [Symbol.dispose]: () => display[Symbol.dispose](),
  };
}

function openTerminal(out: NodeJS.WriteStream, work: Work): Display {
  let drawn = 0;
  // a line that wraps would be two, and be taken away as one
  const cut = (line: string) =>
    Array.from(line)
      .slice(0, (out.columns || 80) - 1)
      .join('');
  const draw = (above = '') => {
    const { running, total, done, begun } = work;
    const bars = [...running].map(([name, item]) => barOf(name, item));
    const tally = `  ${done} of ${total}, ${elapsed(Date.now() - begun)}`;
    const lines = running.size > 0 ? [...bars, tally].map(cut) : [];
    out.write(`${erase(drawn)}${above}${lines.map((line) => `${line}\n`).join('')}`);
    drawn = lines.length;
  };
  const timer = setInterval(draw, REDRAW_MS);
  return {
    moved: () => draw(),
    // what has ended stays on the screen, above what still runs
    ended: (name, item) => draw(`${barOf(name, item)}\n`),
    [Symbol.dispose]() {
      clearInterval(timer);
      out.write(erase(drawn));
      drawn = 0;
    },
  };
}

function erase(lines: number): string {
  return lines > 0 ? `\u001B[${lines}A\u001B[J` : '';
}

function openLines(out: NodeJS.WriteStream, work: Work): Display {
  let toldAt = Date.now();
  const tell = (line: string) => {
    toldAt = Date.now();
    out.write(`${line}\n`);
  };
  const timer = setInterval(() => {
    const { running, done, total, begun } = work;
    if (running.size === 0 || Date.now() - toldAt < STILL_MS) return;
    const each = [...running].map(
      ([name, { stage, percent }]) => `${name} ${stage.toLowerCase()} ${Math.round(percent)} %`,
    );
    tell(`  ${done} of ${total}, ${elapsed(Date.now() - begun)}; under way: ${each.join(', ')}`);
  }, REDRAW_MS);
  return {
    moved: () => undefined,
    ended(name, item) {
      const count = `${work.done} of ${work.total}`.padStart(2 * String(work.total).length + 4);
      const took = elapsed(Date.now() - item.begun);
      tell(`  ${count}  ${stateOf(item).padEnd(6)} ${name}, ${took}${whyOf(item)}`);
    },
    [Symbol.dispose]: () => clearInterval(timer),
  };
}

function barOf(name: string, item: Item): string {
  const { percent } = item;
  const full = Math.round((Math.min(100, percent) / 100) * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  const share = String(Math.round(percent)).padStart(3);
  return `  ${bar} ${share} %  ${stateOf(item).padEnd(12)} ${name}${whyOf(item)}`;
}

function stateOf({ stage, done }: Item): string {
  return done && stage !== 'FAILED' ? 'ready' : stage.toLowerCase();
}

function whyOf({ error }: Item): string {
  return error ? ` — ${error.code}: ${error.message}` : '';
}
