import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import { type Api, ApiError, openApi } from '../client/api.ts';
import { sendFile } from '../client/send-file.ts';
import { readEndpoint } from '../endpoint-file.ts';
import { openProgressBars } from '../progress-bars.ts';
import { openSecrets } from '../secrets.ts';
import { openDemoLogin } from '../seed/demo-login.ts';
import { chooseArtist } from './choose-artist.ts';
import { findAudio } from './find-audio.ts';

const USAGE = `npm run upload -- [OPTIONS] FILE…
  Uploads files, and folders with all that is in them, and shows how far each is.
  --artist NAME     the artist page they go to; made where it is missing (Uploads where it is left out)
  --endpoint URL    another server's /graphql; with --token, an access token of an account there
  --data DIR        the folder of the Volna that runs here (.volna where it is left out)`;

const AT_A_TIME = 3;

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      artist: { type: 'string', default: 'Uploads' },
      endpoint: { type: 'string' },
      token: { type: 'string' },
      data: { type: 'string', default: '.volna' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help || positionals.length === 0) process.stdout.write(`${USAGE}\n`);
  else {
    const api = await signIn(values.endpoint, values.token, resolve(values.data));
    process.exitCode = await sendAll(api, await findAudio(positionals), values.artist);
  }
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

async function signIn(endpoint: string | undefined, token: string | undefined, data: string): Promise<Api> {
  if (endpoint) return openApi(endpoint, token);
  const url = await readEndpoint(data);
  if (!url)
    throw new Error('Volna does not run here: start it with npm start, or name another with --endpoint');
  const { demoPassword } = await openSecrets(data);
  return (await openDemoLogin(`${url}/graphql`, demoPassword)).api;
}

/** Sends every file, some at a time; 1 where any failed. */
async function sendAll(api: Api, files: readonly string[], artist: string): Promise<number> {
  if (files.length === 0) throw new Error('no audio files there');
  const artistId = await chooseArtist(api, artist);
  using bars = openProgressBars(process.stdout);
  const waiting = [...files];
  let failed = 0;
  const send = async () => {
    for (let file = waiting.shift(); file; file = waiting.shift()) {
      const name = basename(file);
      try {
        await sendFile(api, { file, artistId }, (step) => bars.step(name, step));
      } catch (err) {
        failed++;
        const { code, message } =
          err instanceof ApiError ? err : { code: 'UNREADABLE', message: String(err) };
        bars.step(name, { stage: 'FAILED', percent: 0, done: true, error: { code, message } });
      }
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, send));
  process.stdout.write(`${files.length - failed} of ${files.length} uploaded\n`);
  return failed > 0 ? 1 : 0;
}
