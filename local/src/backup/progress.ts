/** Tells a terminal how far a long copy is. */
export interface Tally {
  /** A new step, in a line of its own. */
  begin(step: string): void;
  add(count: number, sizeBytes: number): void;
  end(): void;
}

const EVERY_MS = 200;
/** The same where lines stay. */
const STILL_MS = 15_000;
const MEGABYTE = 1_000_000;

/** One line a step, which counts on a terminal; elsewhere a step that takes long has more lines. */
export function openTally(out: NodeJS.WriteStream): Tally {
  let step: string | null = null;
  let count = 0;
  let sizeBytes = 0;
  let toldAt = 0;
  const line = () => {
    const amount = sizeBytes > 0 ? `, ${(sizeBytes / MEGABYTE).toFixed(1)} MB` : '';
    return `  ${step}${count > 0 ? `: ${count.toLocaleString('en')}${amount}` : ''}`;
  };
  const end = () => {
    if (step !== null) out.write(`${out.isTTY ? '\r\u001B[K' : ''}${line()}\n`);
    [step, count, sizeBytes] = [null, 0, 0];
  };
  return {
    begin(next) {
      end();
      step = next;
      toldAt = Date.now();
      if (out.isTTY) out.write(`${line()} …`);
    },
    add(more, bytes) {
      count += more;
      sizeBytes += bytes;
      const now = Date.now();
      if (now - toldAt < (out.isTTY ? EVERY_MS : STILL_MS)) return;
      toldAt = now;
      out.write(out.isTTY ? `\r\u001B[K${line()}` : `${line()} …\n`);
    },
    end,
  };
}
