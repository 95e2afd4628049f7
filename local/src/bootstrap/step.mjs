const TICK_MS = 1000;
/** Where lines stay, one that says that it still goes on comes so often. */
const STILL_MS = 15_000;

/**
 * Shows a step that takes long, with the time that it has taken: on a terminal in one line that changes, elsewhere in a
 * line for each change. `look` says how far it is: `detail` in full, and `change`, which is another where a line is due.
 */
export function beginStep(out, what, look = () => ({ detail: '', change: '' })) {
  const begun = Date.now();
  let lastChange = look().change;
  let lastTold = begun;
  const lineOf = (detail) =>
    `volna: ${what} … ${[detail, elapsed(Date.now() - begun)].filter(Boolean).join(', ')}`;
  const tick = () => {
    const { detail, change } = look();
    const isDue = change !== lastChange || Date.now() - lastTold >= STILL_MS;
    if (out.isTTY) out.write(`\r\u001B[K${lineOf(detail)}`);
    else if (isDue) {
      [lastChange, lastTold] = [change, Date.now()];
      out.write(`${lineOf(detail)}\n`);
    }
  };
  out.write(`volna: ${what} …${out.isTTY ? '' : '\n'}`);
  const timer = setInterval(tick, TICK_MS);
  const stop = (line) => {
    clearInterval(timer);
    out.write(`${out.isTTY ? '\r\u001B[K' : ''}${line}`);
  };
  return {
    end: () => stop(`volna: ${what}: done in ${elapsed(Date.now() - begun)}\n`),
    fail: () => stop(''),
  };
}

/** `45 s`, `2 min 5 s` */
export function elapsed(ms) {
  const seconds = Math.round(ms / 1000);
  const minutes = Math.floor(seconds / 60);
  return minutes === 0 ? `${seconds} s` : `${minutes} min ${seconds % 60} s`;
}
