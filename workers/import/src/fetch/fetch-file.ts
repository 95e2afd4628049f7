import type { DataOf, fetchOrdered, fileFetched, JobTry } from '@volna/events';
import { JobError } from '@volna/platform/job-progress';
import type { JobContext } from '@volna/platform/job-worker';
import type { Objects } from '@volna/platform/objects';
import { type OutsideRules, UrlRefusedError } from '@volna/platform/outside-url';

import { boundBody, decodeBody, tooLarge } from './bound-body.ts';
import { type Lookup, openAgent } from './connect.ts';
import { type Answer, follow } from './follow.ts';
import { nameOf } from './name-of.ts';

export interface FetchDeps {
  readonly objects: Objects;
  readonly outside: OutsideRules;
  /** How names are resolved; by the system unless told. */
  readonly lookup?: Lookup;
  /** For one file, from the first byte asked to the last; an hour unless told. */
  readonly maxMs?: number;
  /** Until the first byte of the file, all redirects together; 30 s unless told. */
  readonly answerMs?: number;
  /** At least this many bytes arrive in each such time; 8 kB in 10 s unless told. */
  readonly slowest?: { readonly bytes: number; readonly withinMs: number };
}

type Order = DataOf<typeof fetchOrdered>;
type Result = Omit<DataOf<typeof fileFetched>, keyof JobTry>;

const HOUR_MS = 60 * 60 * 1000;
const ANSWER_MS = 30_000;
const SLOWEST = { bytes: 8_000, withinMs: 10_000 };
/** What a server may call a file of sound; what it is, its bytes tell in the end. */
const TYPES = /^(?:audio\/[\w.+-]+|video\/mp4|application\/ogg|(?:application|binary)\/octet-stream)$/;
const UNTYPED = 'application/octet-stream';

/** Brings a file into object storage, by rules that hold for each step of the way to it. */
export async function fetchFile(deps: FetchDeps, order: Order, context: JobContext): Promise<Result> {
  const agent = openAgent(deps.outside, deps.lookup);
  const timeout = AbortSignal.timeout(deps.maxMs ?? HOUR_MS);
  const silence = new AbortController();
  const signal = AbortSignal.any([context.signal, timeout, silence.signal]);
  const waiting = setTimeout(() => silence.abort(), deps.answerMs ?? ANSWER_MS);
  try {
    const answer = await follow(agent, deps.outside, order.url, signal);
    clearTimeout(waiting);
    return await store(deps, order, answer, context.report);
  } catch (err) {
    await deps.objects.delete([order.objectKey]).catch(() => undefined);
    if (context.signal.aborted) throw err;
    if (timeout.aborted || silence.signal.aborted)
      throw new JobError('TIMED_OUT', 'fetching the file took too long');
    throw toJobError(err);
  } finally {
    clearTimeout(waiting);
    await agent.destroy();
  }
}

async function store(
  { objects, slowest = SLOWEST }: FetchDeps,
  { objectKey, maxBytes }: Order,
  { url, headers, body }: Answer,
  report: JobContext['report'],
): Promise<Result> {
  let bytes = 0;
  // a body that is let go of has nobody else to hear how it ended
  body.on('error', () => undefined);
  try {
    const contentType = typeOf(one(headers['content-type']));
    const encoding = (one(headers['content-encoding']) ?? '').trim().toLowerCase();
    if (encoding === '' && Number(one(headers['content-length'])) > maxBytes) throw tooLarge(maxBytes);
    report('FETCHING', 0);
    const bounded = boundBody(decodeBody(body, encoding), {
      maxBytes,
      slowest,
      onBytes: (total) => report('FETCHING', (bytes = total) / maxBytes),
    });
    await objects.putStream(objectKey, bounded, { contentType: UNTYPED });
    if (bytes === 0) throw new JobError('EMPTY_FILE', 'the file is empty');
    return { bytes, filename: nameOf(one(headers['content-disposition']), url), contentType };
  } finally {
    body.destroy();
  }
}

function typeOf(header: string | undefined): string {
  const type = header?.split(';')[0]?.trim().toLowerCase() || UNTYPED;
  if (!TYPES.test(type)) throw new JobError('UNSUPPORTED_TYPE', 'the server says that it is no audio');
  return type;
}

function one(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header;
}

/** Says nothing of the URL: it may hold a secret, and errors end up in logs. */
function toJobError(err: unknown): unknown {
  if (err instanceof JobError) return err;
  const refusal = [err, (err as Error | undefined)?.cause].find((each) => each instanceof UrlRefusedError);
  if (refusal) return new JobError('URL_NOT_ALLOWED', refusal.message);
  const code = codeOf(err);
  if (code === undefined) return err;
  return new JobError('FETCH_FAILED', `the server cannot be reached, or broke off (${code})`, true);
}

/** Of the network, of TLS, of undici or of zlib; undefined for what is a fault of ours. */
function codeOf(err: unknown): string | undefined {
  if (typeof err !== 'object' || err === null) return undefined;
  const { code } = err as { code?: unknown };
  if (typeof code !== 'string') return undefined;
  return /^(?:E[A-Z_]+|UND_ERR_\w+|ERR_TLS_\w+|ERR_SSL_\w+|CERT_\w+|DEPTH_\w+|SELF_\w+|UNABLE_\w+|Z_\w+)$/.test(
    code,
  )
    ? code
    : undefined;
}
