import { demoEntries } from './library.ts';
import { secondsOf } from './score.ts';
import { quantise } from './synth/master.ts';
import { renderScore } from './synth/mix.ts';

export interface RenderedTrack {
  /** Left and right in turn. */
  pcm: Int16Array;
  seconds: number;
}

/** Composes and plays one track of the library. */
export function renderTrack(slug: string): RenderedTrack {
  const track = demoEntries().find((entry) => entry.track.slug === slug)?.track;
  if (!track) throw new Error(`no such demo track: ${slug}`);
  const score = track.compose(track.bpm);
  return { pcm: quantise(renderScore(score, slug)), seconds: secondsOf(score) };
}
