import { resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';

import {
  CancelImportDocument,
  CreateImportSourceDocument,
  ImportProgressDocument,
  ImportReportDocument,
  type ImportRunFieldsFragment,
  MeDocument,
  StartImportDocument,
} from '@volna/gateway/client';

import { type Api, openApi, refuseErrors } from '../client/api.ts';
import { readEndpoint } from '../endpoint-file.ts';
import { openSecrets } from '../secrets.ts';
import { openDemoLogin } from '../seed/demo-login.ts';
import { readUsage } from '../usage.ts';
import { describeReport } from './describe-report.ts';
import { openProgressLine } from './progress-line.ts';

/** The status of a command that was called wrongly. */
const MISUSED = 2;
const LISTED = 20;
/** The server may be away for so long: the run goes on by itself. */
const [MAX_FAILURES, PAUSE_MS] = [30, 2_000];

try {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      s3: { type: 'boolean', default: false },
      hourly: { type: 'boolean', default: false },
      endpoint: { type: 'string' },
      token: { type: 'string' },
      data: { type: 'string', default: '.volna' },
      help: { type: 'boolean', default: false },
    },
  });
  const [folder, ...rest] = positionals;
  if (values.help) process.stdout.write(readUsage(import.meta.url));
  else if (!folder || rest.length > 0) {
    process.stderr.write(readUsage(import.meta.url));
    process.exitCode = MISUSED;
  } else {
    const api = await signIn(values.endpoint, values.token, resolve(values.data));
    const input = values.s3
      ? { kind: 'S3_PREFIX' as const, location: folder, isHourly: values.hourly }
      : { kind: 'FOLDER' as const, location: resolve(folder), isHourly: values.hourly };
    process.exitCode = await importLibrary(api, input);
  }
} catch (err) {
  process.exitCode = 1;
  process.stderr.write(`volna: ${err instanceof Error ? err.message : String(err)}\n`);
}
if (process.connected) process.disconnect();

async function signIn(endpoint: string | undefined, token: string | undefined, data: string): Promise<Api> {
  const api = endpoint ? openApi(endpoint, token) : await openOwn(data);
  const { me } = await api.ask(MeDocument, {});
  if (!me) throw new Error('sign in first: name an access token with --token');
  if (!me.roles?.includes('ADMIN'))
    throw new Error(
      `${me.username} is no administrator, and only they may import: npm run make-admin -- ${me.username}`,
    );
  return api;
}

async function openOwn(data: string): Promise<Api> {
  const url = await readEndpoint(data);
  if (!url)
    throw new Error('Volna does not run here: start it with npm start, or name another with --endpoint');
  const { demoPassword } = await openSecrets(data);
  return (await openDemoLogin(`${url}/graphql`, demoPassword)).api;
}

interface Source {
  readonly kind: 'FOLDER' | 'S3_PREFIX';
  readonly location: string;
  readonly isHourly: boolean;
}

/** Runs an import to its end and tells of it; 1 where it did not come to a good one. */
async function importLibrary(api: Api, input: Source): Promise<number> {
  const { createImportSource } = await api.ask(CreateImportSourceDocument, { input });
  refuseErrors(createImportSource.errors);
  const sourceId = createImportSource.source?.id ?? '';
  const { startImport } = await api.ask(StartImportDocument, { input: { sourceId } });
  refuseErrors(startImport.errors);
  const runId = startImport.run?.id ?? '';
  process.once('SIGINT', () => void api.ask(CancelImportDocument, { input: { runId } }).catch(() => {}));

  const run = await follow(api, runId);
  const { importReport } = await api.ask(ImportReportDocument, { runId, first: LISTED });
  process.stdout.write(describeReport(run, importReport));
  return run.state === 'DONE' && run.failed === 0 ? 0 : 1;
}

/** Follows a run to its end, past times at which the server does not answer. */
async function follow(api: Api, runId: string): Promise<ImportRunFieldsFragment> {
  using line = openProgressLine(process.stdout);
  for (let failures = 0; ;) {
    let last: ImportRunFieldsFragment | null = null;
    try {
      for await (const { importProgress } of api.watch(ImportProgressDocument, { runId })) {
        last = importProgress;
        failures = 0;
        line.show(last);
      }
      if (last?.endedAt) return last;
      throw new Error('the server told nothing of the end of the run');
    } catch (err) {
      if (++failures > MAX_FAILURES) throw err;
      await pause(PAUSE_MS);
    }
  }
}
