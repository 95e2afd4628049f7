export interface Look {
  /** How far it is, in full. */
  readonly detail: string;
  /** Another value where a line is due. */
  readonly change: unknown;
}

export interface RunningStep {
  end(): void;
  fail(): void;
}

export function beginStep(out: NodeJS.WriteStream, what: string, look?: () => Look): RunningStep;

export function elapsed(ms: number): string;
