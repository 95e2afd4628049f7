import type { Listening } from './generated/prisma/client.ts';

export interface Track {
  readonly id: string;
}

export interface User {
  readonly id: string;
}

export type HistoryEntry = Listening;
