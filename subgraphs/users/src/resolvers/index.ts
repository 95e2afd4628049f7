import { DateTime } from '@volna/platform/date-time';

import type { Resolvers } from '../generated/graphql.ts';
import { AuditEntry, RoleRequest } from './admin.ts';
import { DataRequest, DataRequestPart, dataRequestSubscriptions } from './data-requests.ts';
import { Mutation } from './mutation.ts';
import { OAuthIdentity } from './oauth.ts';
import { Query } from './query.ts';
import { Session, UserSession } from './session.ts';
import { User } from './user.ts';

export const resolvers: Resolvers = {
  AuditEntry,
  DataRequest,
  DataRequestPart,
  DateTime,
  Subscription: dataRequestSubscriptions,
  Mutation,
  OAuthIdentity,
  RoleRequest,
  Query,
  Session,
  User,
  UserSession,
};
