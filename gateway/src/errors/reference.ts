import { type FieldDefinitionNode, Kind, parse } from 'graphql';

import { CODES } from './codes.ts';
import { OUTCOMES } from './outcomes.ts';
import { PROCESSING } from './processing.ts';
import { CLOSE_CODES, FILE_CODES, STATUSES } from './wire.ts';

type Cell = string | number;

/** The text of docs/errors.md: every code that a client can meet. The schemas say which field states which outcome. */
export function writeReference(sdls: readonly string[]): string {
  const where = placesOf(sdls);
  const top = Object.entries(CODES).map(([code, { by, status = 400, meaning, action }]) => {
    return [code, by === 'gateway' ? 'gateway' : 'gateway, services', status, meaning, action];
  });
  const outcomes = Object.entries(OUTCOMES).map(([code, { meaning, action }]) => {
    return [code, (where.get(code) ?? []).map((name) => `\`${name}\``).join(', '), meaning, action];
  });
  return `${INTRODUCTION}
## Top-level errors

\`errors[].extensions.code\` of a result, over HTTP, streams and sockets alike. The status is that of an answer over HTTP to an operation that was refused before it began: it has no \`data\` entry. One that has begun is answered with 200, with \`data: null\` at worst.

${table(['code', 'stated by', 'status', 'meaning', 'what to do'], top)}

## Outcomes of mutations

\`errors[].code\` in a mutation’s payload, with \`message\` for people and the \`path\` of the input.

${table(['code', 'where', 'meaning', 'what to do'], outcomes)}

## Processing of files

\`error.code\` of \`trackProcessing\`, of \`authenticity\` and of \`audioSearch\`: what was found wrong after an upload was taken.

${table(['code', 'meaning', 'what to do'], rowsOf(PROCESSING))}

## Signed URLs

\`code\` in the JSON that answers a request for a stream, a cover or a part of an upload.

${table(['code', 'status', 'meaning', 'what to do'], rowsWithStatus())}

## WebSocket close codes

${table(['code', 'meaning', 'what to do'], rowsOf(CLOSE_CODES))}

## HTTP statuses

${table(['status', 'meaning', 'what to do'], rowsOf(STATUSES))}
`;
}

const INTRODUCTION = `# Errors

<!-- Written by \`npm run errors\` from gateway/src/errors; a test fails when it is not what that writes. -->

Codes are stable; messages are for people and may change. What has no code of these is a fault of ours: it is masked, and its \`reference\` is found in the logs, where it stands beside what happened.
`;

function rowsOf(codes: Readonly<Record<string, { meaning: string; action: string }>>): Cell[][] {
  return Object.entries(codes).map(([code, { meaning, action }]) => [code, meaning, action]);
}

function rowsWithStatus(): Cell[][] {
  return Object.entries(FILE_CODES).map(([code, { status, meaning, action }]) => [
    code,
    status,
    meaning,
    action,
  ]);
}

/** A table whose columns are aligned, as the formatter wants it. */
function table(heads: readonly string[], rows: readonly (readonly Cell[])[]): string {
  const cells = [heads, ...rows].map((row) =>
    row.map((cell) => String(cell).replaceAll('|', String.raw`\|`)),
  );
  const widths = heads.map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]) =>
    `| ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  const [head = [], ...rest] = cells;
  return [line(head), line(widths.map((width) => '-'.repeat(width))), ...rest.map(line)].join('\n');
}

/** The fields of mutations whose descriptions name a code, by code. */
export function placesOf(sdls: readonly string[]): Map<string, string[]> {
  const places = new Map<string, string[]>();
  for (const field of sdls.flatMap(mutationsOf)) {
    for (const code of codesIn(field)) places.set(code, [...(places.get(code) ?? []), field.name.value]);
  }
  return places;
}

function mutationsOf(sdl: string): readonly FieldDefinitionNode[] {
  return parse(sdl).definitions.flatMap((type) => {
    const isMutation =
      (type.kind === Kind.OBJECT_TYPE_DEFINITION || type.kind === Kind.OBJECT_TYPE_EXTENSION) &&
      type.name.value === 'Mutation';
    return isMutation ? (type.fields ?? []) : [];
  });
}

function codesIn({ description }: FieldDefinitionNode): string[] {
  const words = new Set(description?.value.match(/\b[A-Z][A-Z_]{3,}\b/g));
  return [...words].filter((word) => Object.hasOwn(OUTCOMES, word));
}
