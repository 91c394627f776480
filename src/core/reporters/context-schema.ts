import { count, list, object, oneOf, ref, type Schema, text } from './schema-words.ts';

const line = { type: 'integer', minimum: 1 };
const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
const files = { files: count, bytes: count };

/** What is told of each context, named ones too. */
const survey = {
  context: text,
  dockerfile: text,
  ignoreFile: orNull(text),
  onDisk: ref('amount'),
  ignored: ref('amount'),
  notWanted: ref('amount'),
  sent: ref('amount'),
  largest: list(object({ path: text, bytes: count })),
  patterns: list(object({ line, text, ...files }), 'In the order of the file.'),
  needs: list(
    object(
      { line, instruction: oneOf('COPY', 'ADD', 'mount'), text, ...files },
      { excluded: ref('amount'), problem: oneOf('missing', 'ignored', 'unknown', 'nothing', 'nowhere') },
    ),
  ),
  secrets: list(
    object({ path: text, holds: text, doubtful: { type: 'boolean' }, line: orNull(line), copiedAt: orNull(line) }),
    'Never the values. What a file holds of several kinds is told once for each, with its first line.',
  ),
  artefacts: list(object({ path: text, says: text, ...files })),
  notes: list(object({ path: text, says: text })),
};
const failure = { ...text, description: 'What makes every build fail; figures are then without its cause.' };

/** The published schema of `layerwise context --format json` (JSON Schema 2020-12). */
export const contextSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:layerwise:context:1',
  title: 'What a build context holds and what a build sends of it',
  ...object(
    {
      schemaVersion: { const: 1 },
      tool: object({ name: { const: 'layerwise' }, version: text }),
      ...survey,
      proposal: orNull(
        object({
          file: text,
          before: orNull(text),
          after: text,
          patterns: list(ref('proposed')),
          kept: list(ref('proposed'), 'What would have been proposed and was not.'),
          saves: ref('amount'),
        }),
      ),
    },
    {
      named: list(object({ name: text, ...survey }, { failure }), 'Directories that --build-context names.'),
      failure,
    },
  ),
  $defs: {
    amount: object(files, {}, 'Files, not directories; bytes as they lie on the disk.'),
    proposed: object({ pattern: text, because: text }),
  },
};
