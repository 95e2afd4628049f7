/**
 * Runs something one at a time: whoever asks while it runs gets one run more, however many ask. A failure is told, and the
 * runs that were asked for with it are left out.
 */
export function coalesce(run: () => Promise<void>, onFailure: (err: unknown) => void): () => void {
  let isAsked = false;
  let isRunning = false;

  async function runAll(): Promise<void> {
    isRunning = true;
    try {
      for (; isAsked; await run()) isAsked = false;
    } catch (err) {
      onFailure(err);
    } finally {
      isRunning = false;
    }
  }

  return () => {
    isAsked = true;
    if (!isRunning) void runAll();
  };
}
