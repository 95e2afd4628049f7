#!/usr/bin/env node
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';

import { escapeIdentifier } from 'pg';

import { ensureDatabase, withClient, withDatabase } from './database.ts';
import { type OpenSchemaEngine, openSchemaEngine } from './schema-engine.ts';

// Stands in for the native schema engine that the Prisma commands would download: the same arguments, and
// JSON-RPC in lines over stdin and stdout.

interface Call {
  readonly id: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
}

/** What the Prisma commands tell a failed connection by. */
const CODES: Record<string, string> = { '3D000': 'P1003', '28P01': 'P1000' };
const NO_DATABASE = 'postgresql://127.0.0.1:1/none';

const { values, positionals } = parseArgs({
  strict: false,
  allowPositionals: true,
  options: {
    datasource: { type: 'string' },
    datamodels: { type: 'string', multiple: true },
    version: { type: 'boolean' },
  },
});
const { url = NO_DATABASE } = JSON.parse(`${values.datasource ?? '{}'}`) as { url?: string };

if (values.version) process.stdout.write('schema-engine-wasm\n');
else if (positionals[0] === 'cli') await runCommand(`${positionals[1]}`);
else await answerCalls();

async function runCommand(command: string): Promise<void> {
  const { pathname } = new URL(url);
  const name = decodeURIComponent(pathname.slice(1));
  const admin = withDatabase(url, 'postgres');
  try {
    if (command === 'create-database') await ensureDatabase(admin, name);
    else if (command === 'can-connect-to-database')
      await withClient(url, (client) => client.query('SELECT 1'));
    else if (command === 'drop-database')
      await withClient(admin, (client) =>
        client.query(`DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`),
      );
    else throw new Error(`no command ${command}`);
  } catch (err) {
    const { code = '', message } = err as Error & { code?: string };
    const fields = { error_code: CODES[code] ?? 'P1001', message, is_panic: false };
    process.stderr.write(
      `\n${JSON.stringify({ level: 'ERROR', target: 'schema_engine::logger', fields })}\n`,
    );
    process.exitCode = 1;
  }
}

async function answerCalls(): Promise<void> {
  const paths = (values.datamodels ?? []) as string[];
  const datamodels = await Promise.all(
    paths.map(async (path): Promise<[string, string]> => [path, await readFile(path, 'utf8')]),
  );
  await using opened = await openSchemaEngine(url, datamodels.length > 0 ? datamodels : undefined);
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params = {} } = JSON.parse(line) as Call;
    if (method) send({ id, ...(await answer(opened, method, params)) });
  }
}

async function answer(
  opened: OpenSchemaEngine,
  method: string,
  params: Record<string, unknown>,
): Promise<object> {
  try {
    return { result: (await call(opened, method, params)) ?? {} };
  } catch (err) {
    const { message, code, meta } = err as Error & { code?: string; meta?: unknown };
    const data = { is_panic: false, message, error_code: code, meta };
    return { error: { code: 4466, message: 'An error happened. Check the data field for details.', data } };
  }
}

async function call(
  { engine }: OpenSchemaEngine,
  method: string,
  params: Record<string, unknown>,
): Promise<unknown> {
  if (method === 'createDatabase') {
    await runCommand('create-database');
    return { databaseName: decodeURIComponent(new URL(url).pathname.slice(1)) };
  }
  // only its diagnosis reaches the shadow database; these two read what that has cached
  if (method === 'evaluateDataLoss' || method === 'createMigration') {
    const { migrationsList, filters } = params as unknown as Parameters<typeof engine.evaluateDataLoss>[0];
    await engine.diagnoseMigrationHistory({ migrationsList, optInToShadowDatabase: true, filters });
  }
  const methods = engine as unknown as Record<
    string,
    (params: unknown) => Promise<{ stdout?: string | null } | undefined>
  >;
  const result = await methods[method === 'getDatabaseVersion' ? 'version' : method]?.call(engine, params);
  if (method !== 'diff' || !result?.stdout) return result;
  // the native engine prints by asking its caller to
  send({ id: 'print', method: 'print', params: { content: result.stdout } });
  return { ...result, stdout: null };
}

function send(message: object): void {
  process.stdout.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
}
