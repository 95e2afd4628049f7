import { SimilarDocument, StartWaveDocument, StreamDocument } from '@volna/gateway/client';

import type { Taken } from './backends/index.ts';
import type { DemoLogin } from './seed/demo-login.ts';
import type { SeedState } from './seed/seed-state.ts';

export interface ScreenOptions {
  readonly url: string;
  readonly taken: readonly Taken[];
  /** Where everything is kept, the log too. */
  readonly data: string;
  /** Where letters go. */
  readonly mail: string;
  readonly login: DemoLogin | null;
  readonly state: SeedState | null;
}

/** Where Volna can be tried, in lines. */
export function describeAddresses(
  url: string,
  login: Pick<DemoLogin, 'username' | 'password'> | null,
): string[] {
  return [
    `  endpoint   ${url}/graphql   (subscriptions: ${url.replace('http', 'ws')}/graphql)`,
    `  Sandbox    ${url}/`,
    `  GraphiQL   ${url}/graphiql   (works with no internet)`,
    ...(login ? [`  login      ${login.username} / ${login.password}`] : []),
  ];
}

/** What whoever has started Volna wants to know, as text. */
export async function describeStack(options: ScreenOptions): Promise<string> {
  const { url, taken, data, mail, login } = options;
  const lines = [
    '',
    'Volna is up.',
    '',
    ...describeAddresses(url, login),
    `  mail       ${mail}`,
    `  log        ${data}/volna.log`,
    '',
    'Backends',
    ...taken.map(({ part, backend }) => `  ${part.padEnd(10)} ${backend}`),
    ...(await describeMusic(options)),
    '',
    'Add music   npm run upload -- FILE…   (folders too), or createUpload in the Sandbox after register',
    'Ctrl-C stops everything; nothing is lost by it.',
    '',
  ];
  return lines.join('\n');
}

async function describeMusic({ url, login, state }: ScreenOptions): Promise<string[]> {
  const [trackId] = Object.values(state?.values.tracks ?? {});
  if (!login || !trackId) return [];
  const { api } = login;
  const { track } = await api.ask(StreamDocument, { id: trackId });
  const { track: near } = await api.ask(SimilarDocument, { id: trackId });
  const { startWave } = await api.ask(StartWaveDocument, { input: {} });
  const [title] = Object.keys(state?.values.tracks ?? {});
  return [
    '',
    `Listen to «${title}»: mpv, VLC and Safari play this address, which is good to begin within five minutes`,
    `  ${track?.stream?.hlsUrl ?? 'no stream'}`,
    'Another address, for each time that you play it (what has begun to play goes on)',
    `  curl -s ${url}/graphql -H 'content-type: application/json' -d '${askForStream(trackId)}'`,
    'Sounds like it',
    ...(near?.similar.edges ?? [])
      .slice(0, 3)
      .map(({ score, node }) => `  ${score.toFixed(2)}  ${name(node)}`),
    'My Wave',
    ...(startWave.wave?.items ?? [])
      .slice(0, 4)
      .map(({ track: item, reason }) => `  ${name(item)}: ${reason.text}`),
  ];
}

function askForStream(trackId: string): string {
  return JSON.stringify({ query: `{ track(id: "${trackId}") { stream { hlsUrl expiresAt } } }` });
}

function name(
  track: { readonly title: string; readonly artist: { readonly name: string } } | null | undefined,
): string {
  return track ? `${track.artist.name} — ${track.title}` : 'a track that is gone';
}
