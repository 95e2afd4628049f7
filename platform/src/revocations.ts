/** Where gateways look whether a session's access tokens still count: the time, ms since 1970, until which none does. */
export const revokedKey = (sessionId: string): string => `revoked:${sessionId}`;

/** Holds another word after each revocation: while it stays the same, nobody has to look at the sessions' keys. */
export const REVOCATIONS_KEY = 'revocations';
