import { payload } from '@volna/platform/errors';

import type { Context } from '../context.ts';
import { requestDataExport, requestErasure } from '../data-requests/start-data-request.ts';
import { findDataRequest, watchDataRequest } from '../data-requests/watch-data-request.ts';
import type {
  DataRequestKind,
  DataRequestPartResolvers,
  DataRequestResolvers,
  DataRequestState,
  MutationResolvers,
  QueryResolvers,
  SubscriptionResolvers,
} from '../generated/graphql.ts';
import type { DataRequest as DataRequestRow } from '../models.ts';

/** How long a link to an archive is good for. */
const LINK_MS = 60 * 60_000;
/** Share of the work that is the services', in percent; the rest is what users does at the end. */
const SERVICES_SHARE = 90;

export const dataRequestQueries = {
  dataRequest: (_root, { id }, context) => findDataRequest(context, id),
} satisfies QueryResolvers;

export const dataRequestMutations = {
  requestDataExport: (_root, { input }, context) => started(() => requestDataExport(context, input)),
  requestErasure: (_root, { input }, context) => started(() => requestErasure(context, input)),
} satisfies MutationResolvers;

export const dataRequestSubscriptions = {
  dataRequestProgress: {
    subscribe: (_root, { id }, context) => watchDataRequest(context, id),
    resolve: (request: DataRequestRow) => request,
  },
} satisfies SubscriptionResolvers;

export const DataRequest: DataRequestResolvers = {
  kind: ({ kind }) => kind as DataRequestKind,
  state: ({ state }) => state as DataRequestState,
  async progress({ id, kind, state, round, parts: known }, _args, { partsByRequest }) {
    if (state !== 'RUNNING') return 100;
    const parts = known ?? (await partsByRequest.load(id));
    const rounds = kind === 'ERASURE' ? 2 : 1;
    const done = parts.filter(({ doneAt }) => doneAt).length / parts.length;
    return Math.floor(((round - 1 + done) / rounds) * SERVICES_SHARE);
  },
  parts: ({ id, parts }, _args, { partsByRequest }) => parts ?? partsByRequest.load(id),
  async download({ archiveKey, archiveBytes, createdAt, userId }, _args, { viewer, objects }: Context) {
    if (!archiveKey || viewer?.userId !== userId) return null;
    const downloadName = `volna-export-${createdAt.toISOString().slice(0, 10)}.zip`;
    const { url, expiresAt } = await objects.signGet(archiveKey, LINK_MS, { downloadName });
    return { url, expiresAt, sizeBytes: Number(archiveBytes) };
  },
};

export const DataRequestPart: DataRequestPartResolvers = {
  done: ({ doneAt }) => doneAt !== null,
};

function started(run: () => Promise<DataRequestRow>) {
  return payload<{ dataRequest: DataRequestRow }>({ dataRequest: null }, async () => ({
    dataRequest: await run(),
  }));
}
