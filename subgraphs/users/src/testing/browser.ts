const MAX_STEPS = 12;

/** Somebody's browser at an OpenID provider: keeps cookies and fills in forms. */
export class Browser {
  readonly #cookies = new Map<string, string>();

  /** Goes through sign-in and consent, to the address of ours that the provider sends it to at last. */
  signIn(url: string, login: string): Promise<URL> {
    return this.#walk(url, (prompt) => ({ prompt, login, password: 'any' }));
  }

  /** Presses `Cancel` at the first form. */
  cancel(url: string): Promise<URL> {
    return this.#walk(url, () => null);
  }

  async #walk(from: string, fill: (prompt: string) => Readonly<Record<string, string>> | null): Promise<URL> {
    const { origin } = new URL(from);
    let next = new URL(from);
    let form: Readonly<Record<string, string>> | undefined;
    for (let step = 0; step < MAX_STEPS; step++) {
      if (next.origin !== origin) return next;
      const response = await this.#ask(next, form);
      form = undefined;
      const location = response.headers.get('location');
      const page = await response.text();
      if (location) next = new URL(location, next);
      else {
        const [, prompt = ''] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
        const filled = fill(prompt);
        const target = filled ? /action="([^"]+)"/.exec(page) : /href="([^"]+\/abort)"/.exec(page);
        if (!target?.[1])
          throw new Error(`no form at ${next.href}: ${response.status} ${page.slice(0, 300)}`);
        form = filled ?? undefined;
        next = new URL(target[1], next);
      }
    }
    throw new Error(`the provider does not come to an end at ${next.href}`);
  }

  async #ask(url: URL, form?: Readonly<Record<string, string>>): Promise<Response> {
    const cookie = [...this.#cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie },
      ...(form ? { method: 'POST', body: new URLSearchParams(form) } : {}),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      if (value) this.#cookies.set(name, value);
      else this.#cookies.delete(name);
    }
    return response;
  }
}
