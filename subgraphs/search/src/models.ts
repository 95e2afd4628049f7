import type { Decision } from './wave/state.ts';

/** A reference: catalog has the rest. */
export interface Track {
  readonly id: string;
}

export interface Wave {
  readonly id: string;
}

export interface WaveItem {
  readonly seq: number;
  readonly trackId: string;
  readonly score: number;
  readonly exploratory: boolean;
  readonly reason: Decision;
}

export interface AudioSearch {
  readonly id: string;
  readonly status: 'QUEUED' | 'PROCESSING' | 'DONE' | 'FAILED';
}

export interface AudioMatch {
  readonly kind: 'EXACT' | 'SIMILAR';
  readonly score: number;
  readonly offsetMs: number | null;
  readonly trackId: string;
}

export interface AudioSearchUpdate {
  readonly status: AudioSearch['status'];
  readonly matches: readonly AudioMatch[];
  readonly error: { readonly code: string; readonly message: string } | null;
}
