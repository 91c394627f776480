import { lineMap, position } from '../../src/core/language/text/index.ts';
import type { CheckInput, CheckOptions, FixOptions } from '../../src/core/lint/types.ts';
import type { ChecklistPoint, Diagnostic, FactKey, FileReport, Json } from '../../src/core/vocabulary/index.ts';
import { keyText } from '../../src/core/world/facts/index.ts';
import type { Linter } from '../../src/session/index.ts';

/**
 * A linter of two rules, so that session and command line are tested without the real ones: `ADD` is a warning with a safe
 * fix, `latest` an info with an unsafe one, `PASSWORD=…` an error with a secret. `# wants <path>` asks for a fact about a
 * file of the context, `# wants-more` for another one once that is known; `# crash` is a bug of ours.
 */
export const fakeLinter: Linter = {
  check: (input, options) => reportOf(input, input.text, options),
  fixFile(input, options: FixOptions = {}) {
    const applied: { rule: string; title: string; variant: string; safety: 'safe' | 'unsafe'; line: number }[] = [];
    let { text } = input;
    for (;;) {
      const next = reportOf(input, text, options).diagnostics.find(
        ({ fix }) => fix && 'safety' in fix && (fix.safety === 'safe' || options.unsafe),
      );
      if (!next?.fix || 'declined' in next.fix || !('file' in next.at) || !next.at.span) break;
      const [start, end] = next.at.span;
      applied.push({ ...next.fix, rule: next.rule, line: position(lineMap(text), start).line });
      text = text.slice(0, start) + (next.rule === 'add' ? 'COPY' : '12') + text.slice(end);
    }
    return { ...reportOf(input, text, options), fixed: { before: input.text, applied, banned: [] } };
  },
};

function reportOf(input: CheckInput, text: string, options: CheckOptions = {}): FileReport {
  if (text.includes('# crash')) throw new Error('boom');
  const off = (rule: string) => options.settings?.rules[rule] === 'off';
  const found = (rule: string, pattern: RegExp, more: Partial<Diagnostic>): Diagnostic[] =>
    off(rule)
      ? []
      : [...text.matchAll(pattern)].map((match) => ({
          rule,
          level: 'warning',
          at: { file: input.file, span: [match.index, match.index + match[0].length] as const },
          message: `${match[0]} is not liked`,
          targets: [],
          fingerprint: `${rule}-${match.index}`,
          ...more,
        }));
  const fix = (safety: 'safe' | 'unsafe', title: string) => ({
    fix: { title, variant: 'default', files: [], claims: [], safety, reveals: false },
  });
  const secret = /(?<=PASSWORD=)\S+/g;
  const secrets = [...text.matchAll(secret)].map(({ index, 0: value }) => ({
    file: input.file,
    span: [index, index + value.length] as const,
  }));
  const diagnostics = [
    ...found('add', /^ADD/gm, fix('safe', 'replace ADD by COPY')),
    ...found('latest', /(?<=:)latest/g, { level: 'info', ...fix('unsafe', 'pin the tag') }),
    ...found('secret', secret, { level: 'error', message: 'a password stays in the image', secrets }),
  ];
  diagnostics.sort((a, b) => startOf(a) - startOf(b));
  const { wanted, unknown } = wants(input, text, options);
  return {
    file: input.file,
    text,
    diagnostics,
    checklist: checklist(diagnostics),
    wanted,
    skipped: unknown ? ['add'] : [],
  };
}

function wants(input: CheckInput, text: string, options: CheckOptions): { wanted: FactKey[]; unknown: boolean } {
  const path = /^# wants (.+)$/m.exec(text)?.[1];
  if (path === undefined) return { wanted: [], unknown: false };
  const directory = input.file.includes('/') ? input.file.slice(0, input.file.lastIndexOf('/')) : '.';
  const key = (name: string): FactKey => ({
    kind: 'context-file',
    of: { context: input.context ?? directory, path: name } as Json,
  });
  const answered = (one: FactKey) => options.facts?.get(keyText(one), one);
  const keys = [key(path)];
  if (text.includes('# wants-more') && answered(key(path))) {
    for (let i = 1; i < 10 && answered(key(`${path}${i - 1 || ''}`)); i++) keys.push(key(`${path}${i}`));
  }
  return {
    wanted: keys.filter((one) => answered(one) === undefined),
    unknown: keys.some((one) => {
      const fact = answered(one);
      return fact === undefined || 'unknown' in fact;
    }),
  };
}

function startOf({ at }: Diagnostic): number {
  return 'file' in at ? (at.span?.[0] ?? 0) : 0;
}

function checklist(diagnostics: readonly Diagnostic[]): ChecklistPoint[] {
  const points: readonly ChecklistPoint['point'][] = [1, 2, 3, 4, 5, 6, 7];
  const rules: Readonly<Record<number, string>> = { 3: 'add', 4: 'secret', 6: 'latest' };
  return points.map((point) => {
    const own = diagnostics.filter(({ rule }) => rule === rules[point]);
    const fixable = own.filter(({ fix }) => fix).length;
    return {
      point,
      title: `point ${point}`,
      is: own.length > 0 ? 'not-met' : 'met',
      because: '',
      diagnostics: own.length,
      fixable,
    };
  });
}
