/*
 * How a player keeps in step with others that hear the same `Player` (a room's, or a user's own devices). No player asks
 * another: each goes by the server's clock.
 *
 * 1. Ask `room(id) { player { at } }` eight times at the start and then every ten seconds; note when it was asked and when
 *    the answer came, by a clock that does not jump (`performance.now()`), to `openServerClock().note`.
 * 2. Of each `playerChanged` keep `positionMs`, `at` and `isPlaying`.
 * 3. Four times a second give what is heard to `keepInStep`, and do what it says.
 */

/** One question and its answer, in milliseconds. */
export interface Sighting {
  /** By the client's clock. */
  readonly sentAt: number;
  readonly receivedAt: number;
  /** `Player.at`, by the server's clock. */
  readonly at: number;
}

export interface ServerClock {
  note(sighting: Sighting): void;
  /** What the server's clock shows at a moment of the client's; null before anything is known. */
  at(own: number): number | null;
  /** By how much that may be wrong, at most. */
  doubtMs(own: number): number;
}

/** As many as NTP's clock filter keeps (RFC 5905 §10). */
const KEPT = 8;
/** By how much two clocks may run apart: what was seen long ago is worth less (RFC 5905's PHI is 15e-6; cheap clocks are worse). */
const DRIFT = 200e-6;

/**
 * The server's clock, as far as it can be told from outside. An answer was given somewhere between question and arrival:
 * in the middle, give or take half the way there and back. So the answer that took the shortest way is believed.
 */
export function openServerClock(): ServerClock {
  let sightings: Sighting[] = [];
  const doubt = ({ sentAt, receivedAt }: Sighting, own: number) =>
    (receivedAt - sentAt) / 2 + Math.abs(own - receivedAt) * DRIFT;
  const best = (own: number) => sightings.toSorted((a, b) => doubt(a, own) - doubt(b, own))[0];
  return {
    note(sighting) {
      sightings = [...sightings, sighting].slice(-KEPT);
    },
    at(own) {
      const seen = best(own);
      return seen ? own + seen.at - (seen.sentAt + seen.receivedAt) / 2 : null;
    },
    doubtMs(own) {
      const seen = best(own);
      return seen ? doubt(seen, own) : Infinity;
    },
  };
}

/** What the server says of a player. */
export interface Told {
  readonly positionMs: number;
  /** By the server's clock, Unix milliseconds. */
  readonly at: number;
  readonly isPlaying: boolean;
}

export type Correction =
  | { readonly rate: number; readonly seekToMs?: undefined }
  | { readonly rate: 1; readonly seekToMs: number };

/** Nobody hears two rooms apart by so little; an element tells its position no better. */
const CLOSE_MS = 10;
/** What is farther off is not worth waiting for. */
const FAR_MS = 500;
/** A difference is made up in about this time. */
const CATCH_UP_MS = 2_000;
/** Within it a voice does not change to the ear, with the pitch kept. */
const MOST_RATE = 0.05;

/** Where the music is to be at an instant of the server's clock. */
export function placeAt({ positionMs, at, isPlaying }: Told, serverNow: number): number {
  return isPlaying ? positionMs + Math.max(0, serverNow - at) : positionMs;
}

/**
 * What a player does to be where it should: another rate within 5 % for what is a little off, a seek for what is more than
 * half a second off. `seekTakesMs` is how long its last seek took, since the music goes on meanwhile.
 */
export function keepInStep(
  told: Told,
  { heardMs, serverNow, seekTakesMs = 0 }: { heardMs: number; serverNow: number; seekTakesMs?: number },
): Correction {
  const wanted = placeAt(told, serverNow);
  const behind = wanted - heardMs;
  if (Math.abs(behind) > FAR_MS) return { rate: 1, seekToMs: wanted + (told.isPlaying ? seekTakesMs : 0) };
  if (!told.isPlaying || Math.abs(behind) <= CLOSE_MS) return { rate: 1 };
  return { rate: 1 + Math.max(-MOST_RATE, Math.min(MOST_RATE, behind / CATCH_UP_MS)) };
}
