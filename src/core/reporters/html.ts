import { visible } from './visible.ts';

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Text that is neither a tag nor the end of an attribute, for what is safe to print otherwise. */
export const inert = (text: string) => text.replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');

/** Any text, on one line of a page. */
export const escaped = (text: string) => inert(visible(text));

const style = `
:root { color-scheme: light dark; --ink: #1c2024; --faint: #5b6470; --paper: #fff; --line: #dfe3e8; --bad: #c0362c; --unsure: #9a6513; --good: #2b7a51; --bar: #3b74c4; --pale: #a9bfdd }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --faint: #9aa4b0; --paper: #16191d; --line: #2f353c; --bad: #f0766b; --unsure: #e0b050; --good: #6cc597; --bar: #6ea3ec; --pale: #43597a } }
body { margin: 2rem auto; max-width: 78rem; padding: 0 1rem; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.3rem } h2 { font-size: 1.05rem; margin-top: 2rem } p, li { color: var(--faint) } p.sum { color: var(--ink); font-weight: 600 }
.wide { overflow-x: auto } table { border-collapse: collapse; width: 100% } th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid var(--line); vertical-align: middle }
th[scope=rowgroup] { padding-top: 1rem } td.figure { white-space: nowrap; font-variant-numeric: tabular-nums } code, pre { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere }
`;

/**
 * One page that needs nothing from elsewhere, and could get nothing: no script, no address.
 * @param own styles of this page, after those of every page
 * @param body markup
 */
export function page(title: string, own: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${escaped(title)}</title>
<style>${style}${own}</style>
</head>
<body>
${body}</body>
</html>
`;
}
