import { extname } from 'node:path';
import { rules } from '@secretlint/secretlint-rule-preset-recommend';
import type { ScannerFinding } from '../core/world/secrets/index.ts';

type Range = readonly [start: number, end: number];

/** What a rule of secretlint is given: https://github.com/secretlint/secretlint/blob/master/docs/secretlint-rule.md */
interface RuleContext {
  readonly sharedOptions: object;
  createTranslator(messages: object): (id: string, data?: unknown) => { readonly messageId: string };
  report(found: { readonly message: { readonly messageId: string }; readonly range: Range }): void;
  ignore(ignored: { readonly range: Range; readonly targetRuleId?: string }): void;
}

interface SourceCode {
  readonly filePath: string;
  readonly content: string;
  readonly ext: string;
  readonly contentType: 'text';
  indexToPosition(index: number): { readonly line: number; readonly column: number };
  locationToRange(location: {
    readonly start: { readonly line: number; readonly column: number };
    readonly end: { readonly line: number; readonly column: number };
  }): Range;
}

interface RuleCreator {
  readonly meta: { readonly id: string };
  create(context: RuleContext, options: object): { file?(source: SourceCode): unknown };
}

/** Of one text. */
interface Told {
  readonly found: { readonly rule: string; readonly id: string; readonly range: Range }[];
  readonly ignored: { readonly rule: string; readonly range: Range }[];
}

let told: Told = { found: [], ignored: [] };

/**
 * The rules themselves, without `@secretlint/core`: that one keeps marks of its profiler for each rule and file, and goes through
 * all of them for each when it is idle, which took 140 seconds after 4,500 files.
 */
const handlers = (rules as unknown as readonly RuleCreator[]).map(({ meta, create }) =>
  create(
    {
      sharedOptions: {},
      // Messages hold the value: they are never made.
      createTranslator: () => (id) => ({ messageId: id }),
      report: ({ message, range }) => told.found.push({ rule: meta.id, id: message.messageId, range }),
      ignore: ({ range, targetRuleId = '*' }) => told.ignored.push({ rule: targetRuleId, range }),
    },
    {},
  ),
);

/**
 * What secretlint's recommended rules find in a text; its comments (`secretlint-disable-line`) count. Nothing is read.
 * @param path tells some rules what the text is: its ending and `.npmrc`
 */
export function scanForSecrets(path: string, text: string): readonly ScannerFinding[] {
  const now: Told = { found: [], ignored: [] };
  told = now;
  const source: SourceCode = {
    filePath: path,
    content: text,
    // Of a key store they would open the file.
    ext: extname(path) === '.p12' ? '' : extname(path),
    contentType: 'text',
    indexToPosition: (index) => {
      const start = text.lastIndexOf('\n', index - 1) + 1;
      return { line: text.slice(0, start).split('\n').length, column: index - start };
    },
    locationToRange: ({ start, end }) => [offset(text, start), offset(text, end)],
  };
  for (const { file } of handlers) file?.(source);
  return now.found
    .filter(
      ({ rule, range }) =>
        !now.ignored.some(
          (one) => (one.rule === '*' || one.rule === rule) && one.range[0] <= range[0] && range[1] <= one.range[1],
        ),
    )
    .map(({ id, range: [start, end] }) => ({ id, span: [start, end] }));
}

/** @param line from 1 */
function offset(text: string, { line, column }: { readonly line: number; readonly column: number }): number {
  let start = 0;
  for (let i = 1; i < line; i++) {
    const end = text.indexOf('\n', start);
    if (end < 0) return text.length;
    start = end + 1;
  }
  return Math.min(text.length, start + column);
}
