import { payload } from '@volna/platform/errors';

import type { MutationResolvers } from '../generated/graphql.ts';
import { createImportSource } from '../import/create-import-source.ts';
import { cancelImport, deleteImportSource, startImport } from '../import/start-import.ts';

/** For an ADMIN, each of them. */
export const importMutations = {
  createImportSource: (_root, { input }, context) => {
    context.requireAdmin();
    const viewer = context.requireViewer();
    return payload({ source: null }, async () => ({
      source: await createImportSource(context, viewer, input),
    }));
  },
  deleteImportSource: (_root, { input: { sourceId } }, context) => {
    context.requireAdmin();
    return payload({ deletedId: null }, async () => ({
      deletedId: await deleteImportSource(context, sourceId),
    }));
  },
  startImport: (_root, { input: { sourceId } }, context) => {
    context.requireAdmin();
    return payload({ run: null }, async () => ({ run: await startImport(context, sourceId) }));
  },
  cancelImport: (_root, { input: { runId } }, context) => {
    context.requireAdmin();
    return payload({ run: null }, async () => ({ run: await cancelImport(context, runId) }));
  },
} satisfies MutationResolvers;
