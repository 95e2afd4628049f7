import type { IncomingMessage } from 'node:http';

import { HttpError } from '@volna/platform/http';

const TEXTS = ['query', 'operationName', 'documentId'];
const JSONS = ['variables', 'extensions'];

/** What a GET states, in the form of a POST's body. */
export function readSearch(request: IncomingMessage): Record<string, unknown> {
  const { searchParams } = new URL(request.url ?? '/', 'http://gateway');
  const stated: Record<string, unknown> = {};
  for (const name of [...TEXTS, ...JSONS]) {
    const [value, second] = searchParams.getAll(name);
    if (second !== undefined) throw new HttpError(400, `${name} is stated twice`);
    if (value !== undefined) stated[name] = TEXTS.includes(name) ? value : parseJson(name, value);
  }
  return stated;
}

function parseJson(name: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new HttpError(400, `${name} is not JSON`);
  }
}

/** The query string that states it. */
export function writeSearch(stated: object): string {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(stated) as [string, unknown][]) {
    if (typeof value === 'string') search.set(name, value);
    else if (value !== undefined && value !== null) search.set(name, JSON.stringify(value));
  }
  return `?${search.toString()}`;
}
