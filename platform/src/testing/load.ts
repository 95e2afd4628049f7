/** Requests that go on until they are stopped. */
export interface Load {
  readonly answered: number;
  readonly failed: readonly string[];
  /** Ends it, when every request has been answered. */
  stop(): Promise<void>;
}

/** Clients that send one request after the other, each with a number of its own; what is wrong with an answer, or ''. */
export function startLoad(clients: number, send: (nth: number) => Promise<string>): Load {
  const load = { answered: 0, failed: [] as string[], isOver: false };
  const client = async (first: number): Promise<void> => {
    for (let nth = first; !load.isOver; nth += clients) {
      // oxlint-disable-next-line no-await-in-loop -- one after the other
      const failure = await send(nth).catch(String);
      if (failure) load.failed.push(failure);
      else load.answered++;
    }
  };
  const running = Array.from({ length: clients }, (_, nth) => client(nth));
  return Object.assign(load, {
    async stop() {
      load.isOver = true;
      await Promise.all(running);
    },
  });
}

/** Resolves when so many more requests have been answered, well or not. */
export async function answeredMore(load: Load, count: number): Promise<void> {
  const enough = load.answered + load.failed.length + count;
  // oxlint-disable-next-line no-await-in-loop -- one look after the other
  while (load.answered + load.failed.length < enough) await new Promise(setImmediate);
}
