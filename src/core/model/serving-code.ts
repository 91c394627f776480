import { lineMap, position } from '../language/text/index.ts';
import type { Span } from '../vocabulary/index.ts';

/** Languages in whose code it can be seen that it serves. */
export type CodeLanguage = 'node' | 'python' | 'ruby';

/** What shows in a program that it listens. */
export interface ServingMark {
  readonly span: Span;
  /** From 1. */
  readonly line: number;
  /** `app.listen(…)` */
  readonly call: string;
}

interface Mark {
  /** At the start of a statement. */
  readonly pattern: RegExp;
  /** What else must stand in the file: without it the call may be of anything. */
  readonly with?: RegExp;
}

const PYTHON_WEB =
  /^[ \t]*(?:from|import)[ \t]+(?:flask|quart|sanic|bottle|dash|aiohttp|flask_\w+|connexion|starlette|fastapi|eve|hug|falcon|japronto|vibora)\b/m;

/** What nobody calls who does not listen, by language. */
const MARKS: Readonly<Record<CodeLanguage, readonly Mark[]>> = {
  node: [
    {
      pattern:
        /(?:^|[\s;({=])((?:this\.)?(?:app|api|http|https|fastify|express|koa|web|io|\w*[sS]erver|\w*App)\.listen)[ \t]*\(/,
    },
    { pattern: /\b(https?\.createServer)[ \t]*\(/, with: /\.listen[ \t]*\(/ },
    { pattern: /\b((?:Bun|Deno)\.serve)[ \t]*\(/ },
    { pattern: /\bnew[ \t]+((?:WebSocket|ws|WS)\.?Server)[ \t]*\(/ },
  ],
  python: [
    { pattern: /^((?:app|application|api|server)\.run)[ \t]*\(/, with: PYTHON_WEB },
    {
      pattern: /^(socketio\.run|web\.run_app|uvicorn\.run|hypercorn\.run|waitress\.serve|cherrypy\.quickstart)[ \t]*\(/,
    },
    { pattern: /^(app\.run_server)[ \t]*\(/, with: /\bdash\b/ },
    { pattern: /^(serve)[ \t]*\(/, with: /^[ \t]*from[ \t]+waitress[ \t]+import\b/m },
    { pattern: /^((?:\w+\.)*\w*(?:server|httpd|srv)\w*\.serve_forever)[ \t]*\(/i },
    { pattern: /^(run_simple)[ \t]*\(/, with: /\bwerkzeug\b/ },
    { pattern: /^((?:app|application|http_server|server)\.listen)[ \t]*\(/, with: /\btornado\b/ },
  ],
  ruby: [{ pattern: /^(require[ \t]+['"]sinatra['"])/ }],
};

/** Where a line's statement begins: after the condition of a main module, an assignment or `await`. */
function statement(line: string, language: CodeLanguage): string {
  const trimmed = line.trimStart();
  if (language === 'node') return trimmed.replace(/[ \t]\/\/.*$/, '');
  if (language === 'ruby') return trimmed;
  return trimmed
    .replace(/^if[ \t]+__name__[ \t]*==[ \t]*['"]__main__['"][ \t]*:[ \t]*/, '')
    .replace(/^(?:[\w.]+[ \t]*=[ \t]*)?(?:await[ \t]+)?/, '');
}

/** Opens and closes what is no code: block comments of JavaScript, texts of Python that stand by themselves. */
const QUOTES: Readonly<Record<CodeLanguage, readonly (readonly [open: RegExp, close: string])[]>> = {
  node: [[/^\/\*/, '*/']],
  python: [
    [/^[rub]?"""/i, '"""'],
    [/^[rub]?'''/i, "'''"],
  ],
  ruby: [[/^=begin\b/, '=end']],
};

/**
 * Where a program shows that it listens, once it is started: a few calls that mean nothing else. Comments are left out.
 * @returns undefined when nothing of it stands there, which says nothing: the call may stand in another file
 */
export function servingMark(code: string, language: CodeLanguage): ServingMark | undefined {
  const marks = MARKS[language].filter((mark) => mark.with === undefined || mark.with.test(code));
  let close: string | undefined;
  let at = 0;
  for (const line of code.split('\n')) {
    const start = at;
    at += line.length + 1;
    const trimmed = line.trim();
    if (close !== undefined) {
      if (trimmed.includes(close)) close = undefined;
      continue;
    }
    const quote = QUOTES[language].find(([open]) => open.test(trimmed));
    if (quote !== undefined) {
      if (!trimmed.slice(3).includes(quote[1]) && !trimmed.endsWith('*/')) close = quote[1];
      continue;
    }
    if (/^(?:\/\/|#|\*)/.test(trimmed)) continue;
    const text = statement(line.slice(0, 500), language);
    for (const { pattern } of marks) {
      const call = pattern.exec(text)?.[1];
      if (call === undefined) continue;
      const from = start + line.indexOf(call);
      return { span: [from, from + call.length], line: position(lineMap(code), from).line, call };
    }
  }
  return undefined;
}
