export type {
  ApiKey,
  AuditEntry,
  DataRequest,
  DataRequestPart,
  OAuthIdentity,
  RefreshToken,
  RoleRequest,
  User,
} from './generated/prisma/client.ts';
import type { Session as SessionRow, User } from './generated/prisma/client.ts';

/** A pair of tokens as its client gets it, once. */
export interface Session {
  readonly accessToken: string;
  readonly accessTokenExpiresAt: Date;
  readonly refreshToken: string;
  readonly refreshTokenExpiresAt: Date;
  readonly user: User;
}

export type UserSession = SessionRow;
