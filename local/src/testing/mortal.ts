/** A server that can be killed, and started again with the same data at the same address. */
export interface Mortal extends AsyncDisposable {
  readonly pid: number;
  /** SIGKILL unless told; resolves when nothing of it is left. */
  kill(signal?: NodeJS.Signals): Promise<void>;
  start(): Promise<void>;
}

interface Started extends AsyncDisposable {
  readonly pid: number;
}

/** Starts a server by a function that does so each time that it is called. */
export async function openMortal(begin: () => Promise<Started>): Promise<Mortal> {
  let running: Started | null = await begin();
  const end = async () => {
    const ending = running;
    running = null;
    await ending?.[Symbol.asyncDispose]();
  };
  return {
    get pid() {
      return running?.pid ?? 0;
    },
    async kill(signal = 'SIGKILL') {
      if (running) process.kill(running.pid, signal);
      await end();
    },
    async start() {
      running ??= await begin();
    },
    [Symbol.asyncDispose]: end,
  };
}
