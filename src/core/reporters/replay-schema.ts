import { count, list, object, oneOf, ref, type Schema, text } from './schema-words.ts';

const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const step: Schema = { ...count, description: 'An index into the steps of its side.' };

/** The published schema of `layerwise replay --format json` (JSON Schema 2020-12). */
export const replaySchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:layerwise:replay:1',
  title: 'Which steps of a build rerun at each commit',
  ...object({
    schemaVersion: { const: 1 },
    tool: object({ name: { const: 'layerwise' }, version: text }),
    context: text,
    dockerfile: text,
    target: orNull(text),
    files: oneOf('of each commit', 'of today'),
    policy: oneOf('previous', 'ever'),
    history: object({
      branch: orNull(text),
      commits: count,
      merges: count,
      renames: count,
      shallow: { type: 'boolean' },
    }),
    sides: list(ref('side'), 'One, or two that are compared.'),
    pairs: list(
      { type: 'array', prefixItems: [orNull(step), orNull(step)], minItems: 2, maxItems: 2 },
      'Steps of both sides that are the same one.',
    ),
    commits: list(ref('commit'), 'Oldest first.'),
    notes: list(text),
  }),
  $defs: {
    side: object({
      name: text,
      steps: list(ref('step')),
      builds: { ...count, description: 'Builds that were compared with one before.' },
      average: { type: 'number', minimum: 0, description: 'Steps that reran in a build; FROM is none.' },
    }),
    step: object({
      stage: text,
      line: { ...orNull({ type: 'integer', minimum: 1 }), description: 'null: the last Dockerfile has it no more.' },
      instruction: text,
      text,
      of: { ...count, description: 'Builds in which it was there.' },
      reran: { ...count, description: 'When every COPY --from of a stage that reran counts as changed.' },
      certain: { ...count, description: 'When none of them does.' },
      causes: list(object({ because: ref('cause'), commits: count }), 'Most often first.'),
    }),
    cause: {
      anyOf: [
        object({ is: { const: 'path' }, path: text }),
        object({ is: oneOf('ignore-file', 'Dockerfile') }),
        object({ is: { const: 'argument' }, name: text }),
      ],
    },
    commit: object(
      {
        id: text,
        subject: text,
        changed: { ...count, description: 'Paths below the context.' },
        survived: { ...count, description: 'Those of them that the ignore file lets through.' },
        reruns: list(
          object({
            certain: list(step),
            possible: list(step, 'Only when a COPY --from counts as changed.'),
            stages: list(
              object({ stage: text, first: step, root: object({ step, causes: list(ref('cause')) }) }),
              'The first step of each stage that reran, and where and why it began.',
            ),
          }),
          'Of each side.',
        ),
      },
      { problem: { ...text, description: 'Why no build of it can be told; it counts for nothing then.' } },
    ),
  },
};
