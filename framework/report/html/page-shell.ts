import { createHash } from 'node:crypto'
import { html, inertJson, type Markup, raw } from './markup.ts'
import { pageScript, pageStyle } from './page.generated.ts'
import type { PageData } from './page-data.ts'

/**
 * A page that needs nothing else: no network, no other file. Text from the run is shown as text, whatever is in it: the page may run the
 * one script and the one style that it was made with.
 */
export function pageShell({ title, body, data }: { title: string; body: Markup; data: PageData }): string {
  const policy = `default-src 'none'; script-src '${digest(pageScript)}'; style-src '${digest(pageStyle)}'; img-src data:; base-uri 'none'; form-action 'none'`
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${raw(pageStyle)}</style>
</head>
<body>
${body}
<script type="application/json" id="data">${inertJson(data)}</script>
<script>${raw(pageScript)}</script>
</body>
</html>
`.text
}

/** What a content security policy calls this inline text by. */
function digest(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`
}
