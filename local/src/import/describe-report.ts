import type { ImportFilesFragment, ImportReportQuery, ImportRunFieldsFragment } from '@volna/gateway/client';

type Report = NonNullable<ImportReportQuery['importReport']>;
type File = ImportFilesFragment['edges'][number]['node'];

/** How a run has ended, and what is odd about its files, for people. */
export function describeReport(run: ImportRunFieldsFragment, report: Report | null | undefined): string {
  const error = run.error ? ` — ${run.error.code}: ${run.error.message}` : '';
  const lines = [
    `${run.state.toLowerCase()}${error}`,
    `${run.found} audio files there, ${run.skipped} others left out`,
    `${run.fresh} new, ${run.changed} changed, ${run.moved} under another name, ${run.missing} gone`,
    `${run.imported} imported, ${run.copies} copies of a track that is there, ${run.failed} failed`,
    ...(report
      ? [
          ...listOf('tags that are missing', report.missingTags, ({ missingTags }) =>
            missingTags.join(', ').toLowerCase(),
          ),
          ...listOf('may be there twice', report.duplicates, ({ track }) => track?.title ?? ''),
          ...listOf('nothing to hear', report.silent, () => ''),
          ...listOf('failed', report.failed, ({ error: why }) => (why ? `${why.code}: ${why.message}` : '')),
          ...listOf('gone', report.missing, () => ''),
        ]
      : []),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function listOf(
  name: string,
  { edges, pageInfo }: ImportFilesFragment,
  noteOf: (file: File) => string,
): string[] {
  if (edges.length === 0) return [];
  const files = edges.map(({ node }) => {
    const note = noteOf(node);
    return `  ${node.path}${note && ` — ${note}`}`;
  });
  return [
    `${name}:`,
    ...files,
    ...(pageInfo.hasNextPage ? ['  and more: `importReport` lists them all'] : []),
  ];
}
