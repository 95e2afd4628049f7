/** What a sign-in that has begun is known by; all of it unguessable but the last. */
export interface AuthorizationRequest {
  readonly state: string;
  /** Comes back inside the signed id token. */
  readonly nonce: string;
  /** Of PKCE; the provider has seen its hash only. */
  readonly codeVerifier: string;
  readonly redirectUri: string;
}

/** Somebody as a provider knows them. */
export interface ProviderAccount {
  /** The provider's own name of the account, which never changes. */
  readonly subject: string;
  readonly email: string | null;
  /** Whether the provider has seen the address to be theirs. */
  readonly emailVerified: boolean;
  /** What they call themselves there. */
  readonly username: string | null;
  readonly displayName: string | null;
}

/** One place that accounts sign in by. */
export interface Provider {
  readonly id: string;
  readonly name: string;
  /** Where to send the browser. */
  authorizationUrl(request: AuthorizationRequest): Promise<URL>;
  /** Who came back, by what the provider put into the browser's address. Throws where that proves nobody. */
  identify(request: AuthorizationRequest, answer: URL): Promise<ProviderAccount>;
}
