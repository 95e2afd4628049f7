import type { Context } from '../context.ts';
import type {
  ImportFileResolvers,
  ImportReportResolvers,
  ImportRunResolvers,
  ImportSourceResolvers,
  QueryResolvers,
  SubscriptionResolvers,
} from '../generated/graphql.ts';
import { findImportRun, listImportRuns, listImportSources, listReported } from '../import/list-imports.ts';
import { watchImport } from '../import/watch-import.ts';
import type { ImportFile as FileRow, ImportRun as RunRow } from '../models.ts';

export const importQueries = {
  importSources: (_root, page, context) => listImportSources(context, page),
  importRuns: (_root, args, context) => listImportRuns(context, args),
  importRun: (_root, { id }, context) => findImportRun(context, id),
  importReport: (_root, { runId }, context) => findImportRun(context, runId),
  importPolicy: (_root, _args, { requireAdmin, imports }) => {
    requireAdmin();
    const { roots, prefixes, maxProcessing } = imports;
    return { roots: [...roots], prefixes: [...prefixes], maxProcessing };
  },
} satisfies QueryResolvers;

export const importSubscriptions = {
  importProgress: {
    subscribe: (_root, { runId }, context) => watchImport(context, runId),
    resolve: (run: RunRow) => run,
  },
} satisfies SubscriptionResolvers;

export const ImportSource: ImportSourceResolvers = {
  owner: ({ ownerId }) => ({ id: ownerId }),
  artist: ({ artistId }, _args, { artistById }) => (artistId ? artistById.load(artistId) : null),
  lastRun: ({ id }, _args, { lastRunBySource }) => lastRunBySource.load(id),
};

export const ImportRun: ImportRunResolvers = {
  source: ({ sourceId }, _args, { importSourceById }) => importSourceById.load(sourceId),
  processing: ({ id }, _args, { processingByRun }) => processingByRun.load(id),
  error: ({ errorCode, errorMessage }) => errorOf(errorCode, errorMessage),
};

export const ImportReport: ImportReportResolvers = {
  run: (run) => run,
  missingTags: (run, page, context) => listReported(context, run, 'missingTags', page),
  duplicates: (run, page, context) => listReported(context, run, 'duplicates', page),
  silent: (run, page, context) => listReported(context, run, 'silent', page),
  failed: (run, page, context) => listReported(context, run, 'failed', page),
  missing: (run, page, context) => listReported(context, run, 'missing', page),
};

export const ImportFile: ImportFileResolvers = {
  sizeBytes: ({ sizeBytes }) => Number(sizeBytes),
  track: ({ trackId }, _args, { findTrack }) => (trackId ? findTrack(trackId) : null),
  error: async (file, _args, context) =>
    errorOf(file.errorCode, file.errorMessage) ?? (await trackErrorOf(file, context)),
};

async function trackErrorOf({ trackId }: FileRow, { trackById }: Context) {
  const track = trackId === null ? null : await trackById.load(trackId);
  return errorOf(track?.errorCode, track?.errorMessage);
}

function errorOf(code: string | null | undefined, message: string | null | undefined) {
  return code ? { code, message: message ?? '' } : null;
}
