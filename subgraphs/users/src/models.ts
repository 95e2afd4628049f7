export type {
  ApiKey,
  AuditEntry,
  DataRequestPart,
  OAuthIdentity,
  RefreshToken,
  RoleRequest,
  User,
} from './generated/prisma/client.ts';
import type {
  DataRequest as DataRequestRow,
  DataRequestPart,
  Session as SessionRow,
  User,
} from './generated/prisma/client.ts';

/** A pair of tokens as its client gets it, once. */
export interface Session {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly user: User;
}

export type UserSession = SessionRow;

/** A wish for one's data, or for their erasure; its parts are read where they are asked for. */
export interface DataRequest extends DataRequestRow {
  readonly parts?: DataRequestPart[];
}

/** A request and its parts of the same moment. */
export type WholeDataRequest = DataRequest & Required<Pick<DataRequest, 'parts'>>;
