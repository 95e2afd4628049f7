/** What a token may be used for. An access token has every scope of its user's roles, an API key those it was given. */
export const SCOPES = ['read', 'library', 'upload', 'account', 'admin'] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes that roles give: all but `admin`, and that too to an ADMIN. */
export function scopesOf(roles: readonly string[]): Scope[] {
  return SCOPES.filter((scope) => scope !== 'admin' || roles.includes('ADMIN'));
}
