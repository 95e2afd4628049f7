import type { Step } from './client/send-file.ts';

const WIDTH = 24;

export interface ProgressBars extends Disposable {
  step(name: string, step: Step): void;
}

/** One bar a file where there is a terminal, one line a file where there is none. */
export function openProgressBars(out: NodeJS.WriteStream): ProgressBars {
  const bars = out.isTTY ? openTerminalBars(out) : openLines(out);
  const reached = new Map<string, number>();
  return {
    step(name, step) {
      // what fails stays where it was
      const percent = Math.max(step.percent, reached.get(name) ?? 0);
      reached.set(name, percent);
      bars.step(name, { ...step, percent });
      if (step.done) reached.delete(name);
    },
    [Symbol.dispose]: () => bars[Symbol.dispose](),
  };
}

function openTerminalBars(out: NodeJS.WriteStream): ProgressBars {
  const running = new Map<string, Step>();
  let drawn = 0;
  const draw = () => {
    out.write(drawn > 0 ? `\u001B[${drawn}A\u001B[J` : '');
    for (const [name, step] of running) out.write(`${barOf(name, step)}\n`);
    drawn = running.size;
  };
  return {
    step(name, step) {
      running.set(name, step);
      draw();
      if (!step.done) return;
      // what has ended stays on the screen, above what still runs
      out.write(`\u001B[${drawn}A\u001B[J${barOf(name, step)}\n`);
      running.delete(name);
      drawn = 0;
      draw();
    },
    [Symbol.dispose]: () => running.clear(),
  };
}

function openLines(out: NodeJS.WriteStream): ProgressBars {
  const last = new Map<string, string>();
  return {
    step(name, step) {
      if (last.get(name) === step.stage && !step.done) return;
      last.set(name, step.stage);
      out.write(`${barOf(name, step)}\n`);
    },
    [Symbol.dispose]: () => last.clear(),
  };
}

function barOf(name: string, { stage, percent, error, done }: Step): string {
  const full = Math.round((Math.min(100, percent) / 100) * WIDTH);
  const bar = '█'.repeat(full) + '░'.repeat(WIDTH - full);
  const state = done && stage !== 'FAILED' ? 'ready' : stage.toLowerCase();
  const why = error ? ` — ${error.code}: ${error.message}` : '';
  return `  ${bar} ${String(Math.round(percent)).padStart(3)} %  ${state.padEnd(12)} ${name}${why}`;
}
