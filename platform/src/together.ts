/** The largest batch, unless told. */
const MOST = 100;

interface Waiting<Item, Result> {
  readonly item: Item;
  readonly resolve: (result: Result) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * Makes one call of many: what is asked while a call is under way waits for the next, which does all of it. The first of
 * a quiet time waits for nobody. `run` gives the results in the order of its items. Where a call of several fails each is
 * tried alone, so that none suffers for another; what is tried must therefore bear repetition.
 */
export function together<Item, Result>(
  run: (items: readonly Item[]) => Promise<readonly Result[]>,
  { most = MOST }: { readonly most?: number } = {},
): (item: Item) => Promise<Result> {
  const waiting: Waiting<Item, Result>[] = [];
  let isRunning = false;

  async function runAll(): Promise<void> {
    isRunning = true;
    // oxlint-disable-next-line no-await-in-loop -- one call at a time is what gathers the next
    while (waiting.length > 0) await settle(waiting.splice(0, most));
    isRunning = false;
  }

  async function settle(batch: readonly Waiting<Item, Result>[]): Promise<void> {
    try {
      const results = await run(batch.map(({ item }) => item));
      if (results.length !== batch.length) throw new Error('not one result for each item');
      for (const [at, { resolve }] of batch.entries()) resolve(results[at] as Result);
    } catch (err) {
      if (batch.length === 1) batch[0]?.reject(err);
      else await Promise.all(batch.map((each) => settle([each])));
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!isRunning) void runAll();
    });
}
