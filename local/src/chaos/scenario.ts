import type { Binary } from '@volna/platform/binaries';

import type { Random } from '../demo/random.ts';
import type { DeployedSite } from './open-site.ts';

export interface ScenarioContext {
  readonly programs: {
    readonly nats: Binary;
    readonly redis: Binary;
    readonly ffmpeg: Binary;
  };
  /** What the scenarios share that leave it as they found it; its servers are behind lines. */
  site(this: void): Promise<DeployedSite>;
  /** Gives the same numbers for the same `--seed`. */
  readonly random: Random;
  /** How many files G1 sends. */
  readonly uploads: number;
  readonly tell: (what: string) => void;
}

export interface Outcome {
  /** What was seen, in a few words. */
  readonly happened: string;
  /** From the end of the fault until all was well again; null where that is not the question. */
  readonly recoveryMs: number | null;
  /** What should not have been: nothing, if the scenario passes. */
  readonly problems: readonly string[];
}

export interface Scenario {
  /** `F13` */
  readonly id: string;
  readonly fault: string;
  run(context: ScenarioContext): Promise<Outcome | { readonly skipped: string }>;
}
