/** What the page's shell needs from the panel; all of it is our own, none comes from a DAG file. */
export interface ShellOptions {
  /** Fresh for each load. */
  readonly nonce: string;
  /** The webview's own source of local resources. */
  readonly cspSource: string;
  readonly scriptUri: string;
  readonly styleUri: string;
}

/**
 * The page before its script runs. Mermaid's layout worker needs `worker-src blob:` (it hangs silently without), and
 * its drawings need inline style attributes; scripts and style sheets run by nonce only.
 */
export function previewHtml(options: ShellOptions): string {
  const { nonce, scriptUri, styleUri } = options;
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8" />
    <meta http-equiv="Content-Security-Policy" content="${contentSecurityPolicy(options)}" />
    <meta name="viewport" content="width=device-width, initial-scale=1.0" />
    <title>Fanout</title>
    <link rel="stylesheet" href="${attribute(styleUri)}" nonce="${nonce}" />
  </head>
  <body>
    <div id="app"></div>
    <script nonce="${nonce}" src="${attribute(scriptUri)}"></script>
  </body>
</html>
`;
}

export function contentSecurityPolicy({ nonce, cspSource }: ShellOptions): string {
  const source = attribute(cspSource);
  return [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src-elem ${source} 'nonce-${nonce}'`,
    "style-src-attr 'unsafe-inline'",
    `font-src ${source}`,
    `img-src ${source} data:`,
    `connect-src ${source}`,
    "worker-src blob:",
  ].join("; ");
}

function attribute(value: string): string {
  return value.replaceAll("&", "&amp;").replaceAll('"', "&quot;").replaceAll("<", "&lt;");
}
