import { z } from 'zod';

const Moods = z.array(z.object({ name: z.string(), confidence: z.number() }));

/** As they are kept in `track.moods`. */
export function moodsOf({ moods }: { readonly moods: unknown }): z.output<typeof Moods> {
  return Moods.parse(moods);
}
