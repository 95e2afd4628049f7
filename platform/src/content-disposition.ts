/**
 * A `Content-Disposition` that saves a file under any name (RFC 6266, RFC 8187): the true name for those who
 * can read it, one in ASCII for the others. Folders and control characters are no part of a name.
 */
export function attachment(name: string): string {
  const safe = name.replace(/[\p{Cc}\p{Cf}\p{Cs}/\\]/gu, '_');
  const plain = safe.replace(/[^\x20-\x7e]/gu, '_').replace(/["%]/g, '_');
  return `attachment; filename="${plain}"; filename*=UTF-8''${encodeExtended(safe)}`;
}

/** encodeURIComponent leaves five characters that an extended parameter may not hold. */
function encodeExtended(text: string): string {
  return encodeURIComponent(text).replace(
    /['()*!]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
