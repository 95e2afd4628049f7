import { type DataOf, jobProgressed, type JobTry } from '@volna/events';

import type { Bus } from './bus.ts';
import { logger } from './log.ts';

type Stage = DataOf<typeof jobProgressed>['stage'];

/** `progress` is the share of the whole job that is done, 0–1; a smaller one than before is raised to it. */
export type ReportProgress = (stage: Stage, progress: number, message?: string) => void;

/** A try ends without a result. The code is stable and, like the message, meant for clients. */
export class JobError extends Error {
  override name = 'JobError';
  readonly code: string;
  /** False when another try cannot help: the input is at fault, not its surroundings. */
  readonly retryable: boolean;

  constructor(code: string, message: string, retryable = false, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = retryable;
  }
}

/** At most this often. */
const EVERY_MS = 1_000;

/**
 * States the progress of one try: often enough that its lease stays alive, seldom enough that the bus does
 * not notice, and never backwards. Lost statements are not worth a failed job.
 */
export function openJobProgress(bus: Bus, job: JobTry, leaseSeconds: number) {
  let latest: { stage: Stage; progress: number; message?: string } | undefined;
  let fresh = false;
  let statedAt = 0;
  let sending: Promise<void> = Promise.resolve();
  const renewMs = (leaseSeconds * 1000) / 3;

  function state(): void {
    if (!latest) return;
    const due = Date.now() - statedAt;
    if (!(fresh && due >= EVERY_MS) && due < renewMs) return;
    statedAt = Date.now();
    fresh = false;
    const said = { ...job, ...latest };
    sending = sending
      .then(() => bus.publish(jobProgressed, said))
      .catch((err: unknown) => logger.warn({ err, jobId: job.jobId }, 'progress could not be stated'));
  }
  const timer = setInterval(state, Math.min(EVERY_MS, renewMs));

  return {
    report: ((stage, progress, message) => {
      const share = Math.max(latest?.progress ?? 0, Math.min(1, progress));
      latest = { stage, progress: share, ...(message === undefined ? {} : { message }) };
      fresh = true;
      state();
    }) satisfies ReportProgress,

    /** Nothing is stated after this: the result comes last. */
    async end(): Promise<void> {
      clearInterval(timer);
      await sending;
    },
  };
}
