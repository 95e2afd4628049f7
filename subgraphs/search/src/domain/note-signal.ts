import type { Transaction } from '../database.ts';
import type { Signal } from '../wave/signals.ts';

/** What the log of tastes has beside the signals that weigh something. */
export type LoggedKind = Signal | 'UNLIKED' | 'STARTED' | 'CREDIT';

export interface TasteEvent {
  /** Equal for the same thing however often it is stated. */
  readonly id: string;
  readonly userId: string;
  readonly trackId: string;
  readonly kind: LoggedKind;
  readonly source: string;
  readonly at: Date;
  readonly value?: number;
}

/** Writes down what was said of tracks; what is there already stays as it is. */
export async function noteSignals(
  tx: Pick<Transaction, 'tasteSignal'>,
  events: readonly TasteEvent[],
): Promise<void> {
  if (events.length === 0) return;
  await tx.tasteSignal.createMany({ data: [...events], skipDuplicates: true });
}
