import type { ChecklistPoint, Diagnostic, FileReport, Fix, Span } from '../../../src/core/vocabulary/index.ts';

const titles = [
  'multi-stage build with a minimal final image',
  'cache-friendly order and cache mounts',
  'non-root user, COPY rather than ADD',
  'no secrets in layers',
  'exec-form start command and health check',
  'labels, and a pinned base image',
  '.dockerignore prunes the build context',
];

/** Seven points, all met but those given. */
export function checklist(changed: readonly Partial<ChecklistPoint>[] = []): ChecklistPoint[] {
  return titles.map((title, i) => {
    const point = (i + 1) as ChecklistPoint['point'];
    const other = changed.find((one) => one.point === point);
    return { point, title, is: 'met', because: '', diagnostics: 0, fixable: 0, ...other };
  });
}

/** Splits a text in which `«` and `»` mark one span. */
export function marked(text: string): { text: string; span: Span } {
  const start = text.indexOf('«');
  const end = text.indexOf('»') - 1;
  return { text: text.replace(/[«»]/g, ''), span: [start, end] };
}

export function diagnostic(span: Span | undefined, more: Partial<Diagnostic> = {}): Diagnostic {
  return {
    rule: 'some-rule',
    level: 'warning',
    at: { file: 'Dockerfile', ...(span ? { span } : {}) },
    message: 'something is wrong',
    targets: ['final'],
    fingerprint: 'f-0',
    ...more,
  };
}

export function report(text: string, diagnostics: readonly Diagnostic[], more: Partial<FileReport> = {}): FileReport {
  return { file: 'Dockerfile', text, diagnostics, checklist: [], wanted: [], skipped: [], ...more };
}

export function fix(safety: Fix['safety'], title: string): Fix {
  return {
    title,
    variant: 'default',
    files: [{ file: 'Dockerfile', was: '', edits: [] }],
    claims: [{ kind: 'same-build' }],
    safety,
    reveals: false,
  };
}
