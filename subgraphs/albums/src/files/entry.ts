/** One line of a playlist file. */
export interface Entry {
  readonly title: string | null;
  readonly artist: string | null;
  readonly durationMs: number | null;
  /** Where the file says it is: a path, a URL, or our own `volna:` name. */
  readonly location: string | null;
}

export interface PlaylistText {
  readonly title: string | null;
  readonly entries: readonly Entry[];
}

const NAME = 'volna:track:';

/** The name of a track of this server in files. */
export function locationOf(trackId: string): string {
  return `${NAME}${trackId}`;
}

export function trackIdOf(location: string | null): string | null {
  return location?.startsWith(NAME) ? location.slice(NAME.length) : null;
}

/** The file is not what its format says. */
export class UnreadableError extends Error {
  override name = 'UnreadableError';
}
