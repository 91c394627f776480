import { count, list, object, oneOf, ref, type Schema, text } from './schema-words.ts';

const change = {
  title: text,
  variant: text,
  files: list({
    anyOf: [
      object({ file: text, edits: list(object({ span: ref('span'), text })) }),
      object({ file: text, create: text }, {}, 'A file that does not exist yet.'),
    ],
  }),
};

/** The published schema of `--format json` (JSON Schema 2020-12). */
export const schema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:layerwise:report:1',
  title: 'What layerwise check found',
  ...object({
    schemaVersion: { const: 1 },
    tool: object({ name: { const: 'layerwise' }, version: text }),
    files: list({ anyOf: [ref('file'), ref('notChecked')] }, 'In the order in which they were checked.'),
    summary: ref('summary'),
  }),
  $defs: {
    level: oneOf('error', 'warning', 'info'),
    safety: oneOf('safe', 'unsafe'),
    span: {
      type: 'array',
      prefixItems: [count, count],
      minItems: 2,
      maxItems: 2,
      description: 'UTF-16 offsets into the decoded text: from the first, up to but not including the second.',
    },
    position: object({
      line: { type: 'integer', minimum: 1 },
      column: { type: 'integer', minimum: 1, description: 'In UTF-16 units.' },
    }),
    place: {
      anyOf: [
        object(
          { file: text },
          { span: ref('span'), start: ref('position'), end: ref('position') },
          'Without a span: the whole file, or a file that is missing.',
        ),
        object({ image: text }, { layer: count, path: text }),
      ],
    },
    diagnostic: object(
      {
        rule: text,
        level: ref('level'),
        at: ref('place'),
        message: text,
        targets: list(text, 'Build targets it holds for; empty: not about a build.'),
        fingerprint: { ...text, description: 'Survives edits elsewhere in the file.' },
      },
      {
        code: { ...text, description: "Another tool's id for it." },
        help: text,
        related: list(object({ at: ref('place'), label: text })),
        secrets: list(ref('place'), 'Where a secret stands. Its value is masked everywhere in this document.'),
        ignored: object({ by: ref('place') }, { reason: text }, 'Silenced by an ignore comment; counts for nothing.'),
        fix: {
          anyOf: [object({ ...change, safety: ref('safety') }), object({ declined: text }, {}, 'Why there is none.')],
        },
        suggestions: list(object(change), 'Changes that are never applied unasked.'),
      },
    ),
    point: object({
      point: { type: 'integer', minimum: 1, maximum: 7 },
      title: text,
      is: oneOf('met', 'not-met', 'not-applicable', 'unknown'),
      because: text,
      diagnostics: count,
      fixable: count,
    }),
    missing: object({ because: text }, { flag: { ...text, description: 'The option that would supply it.' } }),
    file: object(
      {
        file: { ...text, description: 'Relative to the current directory, with "/".' },
        diagnostics: list(ref('diagnostic')),
        checklist: list(ref('point')),
        skipped: list(text, 'Rules that could not answer.'),
        missing: list(ref('missing')),
      },
      {
        context: {
          ...text,
          description:
            'The build context that was found above the file, by what it copies; relative to the current directory.',
        },
        fixed: object(
          {
            applied: list(
              object({
                rule: text,
                title: text,
                variant: text,
                safety: ref('safety'),
                line: { type: 'integer', minimum: 1 },
              }),
            ),
            banned: list(
              object({ rule: text, title: text, because: text }),
              'Fixes that were taken back: a bug of layerwise.',
            ),
          },
          {
            others: list(
              object({ file: text, before: { type: ['string', 'null'] }, after: text }),
              'Files that are written along with it; `before` is null where there was none.',
            ),
          },
          'With --fix: the diagnostics speak of the text as it is after it.',
        ),
      },
    ),
    notChecked: object({
      file: text,
      error: object({ is: oneOf('failed', 'skipped', 'bug'), says: text }, { help: text }),
    }),
    summary: object({
      files: count,
      levels: object({ error: count, warning: count, info: count }),
      ignored: count,
      fixable: object({ safe: count, unsafe: count }),
      fixed: object({ changes: count, files: count, banned: count }),
      checklist: list(
        object({
          point: { type: 'integer' },
          title: text,
          met: count,
          notMet: count,
          notApplicable: count,
          unknown: count,
        }),
      ),
      skipped: list(text),
      missing: list(ref('missing')),
      notChecked: object({ failed: count, skipped: count, bug: count }),
    }),
  },
};
