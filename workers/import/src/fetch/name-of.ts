const LONGEST = 300;

/** What the server calls a file, or else the last word of its URL. */
export function nameOf(disposition: string | undefined, url: URL): string {
  const name = nameIn(disposition ?? '') ?? decode(url.pathname.split('/').at(-1) ?? '');
  return name.slice(0, LONGEST) || 'file';
}

/** RFC 6266: `filename*=UTF-8''…` before `filename="…"`. */
function nameIn(disposition: string): string | null {
  const encoded = /(?:^|;)\s*filename\*\s*=\s*utf-8'[^']*'([^;]+)/i.exec(disposition)?.[1];
  if (encoded) return decode(encoded.trim());
  const quoted = /(?:^|;)\s*filename\s*=\s*"((?:[^"\\]|\\.)*)"/i.exec(disposition)?.[1];
  if (quoted !== undefined) return utf8(quoted.replaceAll(/\\(.)/g, '$1'));
  return /(?:^|;)\s*filename\s*=\s*([^\s;"]+)/i.exec(disposition)?.[1] ?? null;
}

/** Headers arrive one byte a character. */
function utf8(latin1: string): string {
  const text = Buffer.from(latin1, 'latin1').toString('utf8');
  return text.includes('\uFFFD') ? latin1 : text;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
