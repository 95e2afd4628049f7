import { resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { MeDocument } from '@volna/gateway/client';

import { type Api, openApi } from '../client/api.ts';
import { readEndpoint } from '../endpoint-file.ts';
import { openProgressBars } from '../progress-bars.ts';
import { openSecrets } from '../secrets.ts';
import { openDemoLogin } from '../seed/demo-login.ts';
import { readUsage } from '../usage.ts';
import { describeOutcome } from './describe-outcome.ts';
import { findAudio } from './find-audio.ts';
import { sendAll } from './send-all.ts';

/** The status of a command that was called wrongly. */
const MISUSED = 2;
/** How many skipped files are named where there is nothing else. */
const NAMED = 5;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      artist: { type: 'string' },
      endpoint: { type: 'string' },
      token: { type: 'string' },
      data: { type: 'string', default: '.volna' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) process.stdout.write(readUsage(import.meta.url));
  else if (positionals.length === 0) {
    process.stderr.write(readUsage(import.meta.url));
    process.exitCode = MISUSED;
  } else {
    const server = await signIn(values.endpoint, values.token, resolve(values.data));
    process.exitCode = await upload(server, positionals, values.artist);
  }
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

interface Server {
  readonly endpoint: string;
  readonly api: Api;
}

async function signIn(endpoint: string | undefined, token: string | undefined, data: string) {
  if (endpoint) return { endpoint, api: openApi(endpoint, token) };
  const url = await readEndpoint(data);
  if (!url)
    throw new Error('Volna does not run here: start it with npm start, or name another with --endpoint');
  const { demoPassword } = await openSecrets(data);
  const { api } = await openDemoLogin(`${url}/graphql`, demoPassword);
  return { endpoint: `${url}/graphql`, api };
}

/** Uploads what these paths name and says what became of it; 1 where any failed. */
async function upload({ endpoint, api }: Server, paths: readonly string[], artist?: string): Promise<number> {
  const { audio, skipped, missing } = await findAudio(paths);
  if (audio.length + missing.length === 0) throw new Error(nothingIn(skipped));
  const { me } = await api.ask(MeDocument, {});
  if (!me) throw new Error('sign in first: name an access token with --token');
  using bars = openProgressBars(process.stdout, audio.length);
  const { sent, failures } = await sendAll({ api, files: audio, artist, bars });
  const absent = missing.map((file) => ({ file, code: 'NOT_FOUND', message: 'there is no such file' }));
  const report = { account: me.username, sent, failures: [...absent, ...failures], skipped, endpoint };
  process.stdout.write(describeOutcome(report));
  return report.failures.length > 0 ? 1 : 0;
}

function nothingIn(skipped: readonly string[]): string {
  const more = skipped.length > NAMED ? ` and ${skipped.length - NAMED} others` : '';
  const names = skipped.slice(0, NAMED).join(', ');
  return `no audio files there${skipped.length > 0 ? `, only ${names}${more}` : ''}`;
}
