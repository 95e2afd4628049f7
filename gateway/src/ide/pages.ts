import { createHash } from 'node:crypto';

export interface Page {
  readonly html: string;
  /** Of its content, but for where it may connect to. */
  readonly policy: string;
}

/** Apollo Sandbox, which needs the internet for its frame; the requests come from this page, so never from there. */
export function sandboxPage(exampleDocument: string): Page {
  return {
    html: page('Volna · Sandbox', exampleDocument, [
      '<div id="sandbox"></div>',
      '<p>Without internet: <a href="/graphiql">GraphiQL</a></p>',
      '<script src="/ide/sandbox.js"></script>',
    ]),
    policy: policy([
      // Apollo's script styles its frame by an attribute
      `style-src-elem ${STYLE_HASH}`,
      "style-src-attr 'unsafe-inline'",
      'frame-src https://sandbox.embed.apollographql.com',
      "img-src 'self' data: https://*.apollographql.com",
    ]),
  };
}

/** GraphiQL, all of it from here. */
export function graphiqlPage(exampleDocument: string): Page {
  return {
    html: page('Volna · GraphiQL', exampleDocument, [
      '<link rel="stylesheet" href="/ide/style.css">',
      '<div id="graphiql">One moment…</div>',
      '<script src="/ide/graphiql.js"></script>',
    ]),
    policy: policy([
      // its editor writes styles into the page as it goes, and knows no nonces
      "style-src 'self' 'unsafe-inline'",
      "img-src 'self' data:",
      "font-src 'self' data:",
      "worker-src 'self'",
    ]),
  };
}

const STYLE = `
  html, body, #sandbox, #graphiql { height: 100%; margin: 0 }
  body { font-family: system-ui, sans-serif; overflow: hidden }
  body > p { position: fixed; bottom: 0; right: 1em; margin: 0; padding: .3em .6em; background: #fff; font-size: 12px }
  #sandbox iframe { width: 100%; height: 100%; border: 0 }
`;
const STYLE_HASH = `'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

function page(title: string, exampleDocument: string, body: readonly string[]): string {
  // as JSON that no `</script>` in it can end
  const example = JSON.stringify(exampleDocument).replaceAll('<', String.raw`\u003c`);
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<link rel="icon" href="data:,">
<title>${title}</title>
<style>${STYLE}</style>
<script type="application/json" id="example">${example}</script>
${body.join('\n')}
</html>
`;
}

function policy(extra: readonly string[]): string {
  return [
    "default-src 'none'",
    "script-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    ...extra,
  ].join('; ');
}
