import { z } from 'zod';

import { type PlaylistText, UnreadableError } from './entry.ts';

const Text = z
  .string()
  .nullish()
  .transform((text) => text?.trim() || null);
const Locations = z.union([z.array(z.string()), z.string()]).nullish();

const Jspf = z.object({
  playlist: z.object({
    title: Text,
    track: z
      .array(
        z.object({
          title: Text,
          creator: Text,
          duration: z.number().nullish(),
          location: Locations,
          identifier: Locations,
        }),
      )
      .nullish(),
  }),
});

/** XSPF in JSON. */
export function writeJspf({ title, entries }: PlaylistText): string {
  const track = entries.map(({ title: name, artist, durationMs, location }) => ({
    ...(location !== null && { location: [location] }),
    ...(name !== null && { title: name }),
    ...(artist !== null && { creator: artist }),
    ...(durationMs !== null && { duration: durationMs }),
  }));
  return `${JSON.stringify({ playlist: { ...(title !== null && { title }), track } }, null, 2)}\n`;
}

export function readJspf(content: string): PlaylistText {
  const parsed = Jspf.safeParse(parse(content));
  if (!parsed.success) throw new UnreadableError('it is not JSPF');
  const { title, track } = parsed.data.playlist;
  const entries = (track ?? []).map(({ title: name, creator, duration, location, identifier }) => ({
    title: name,
    artist: creator,
    durationMs: duration && duration > 0 ? Math.round(duration) : null,
    location: [location ?? identifier ?? []].flat()[0] ?? null,
  }));
  return { title, entries };
}

function parse(content: string): unknown {
  try {
    return JSON.parse(content);
  } catch {
    throw new UnreadableError('it is not JSON');
  }
}
