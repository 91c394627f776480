/** The corpus's command line. */
import { parseArgs } from 'node:util';

export const usage = `npm run corpus -- [FOLDER…] [options]

Judges every Dockerfile below the folders: parse, check, fix, each fix's claims. Needs Go for the oracle.

  --packages            the Dockerfiles of the pinned modules in test/corpus/packages.json
  --mutations N         N generated texts that hit the corner cases of Dockerfile syntax
  --seed SEED           of sample and mutations (default 1)
  --sample N            N files drawn by SEED
  --limit N             the first N files
  --unused-ignores      put an ignore comment that silences nothing into each file
  --all-files           whatever their names are
  --all-rules           rules that are off by default, too
  --jobs N              worker processes (default 2)
  --as NAME             what was run over, for the record: repository and commit
  --record FILE         writes the claims judged as evidence (test/evidence/corpus-NAME.json)
  --json FILE           writes all figures
  --expect-clean        fails for every fault, fixes taken back and refuted unsafe claims included

Exits 1 when something is broken.
`;

export interface Options {
  readonly folders: readonly string[];
  readonly packages: boolean;
  readonly mutations: number;
  readonly seed: string;
  readonly sample: number | undefined;
  readonly limit: number | undefined;
  readonly unusedIgnores: boolean;
  readonly allFiles: boolean;
  readonly allRules: boolean;
  readonly jobs: number;
  readonly as: string | undefined;
  readonly record: string | undefined;
  readonly json: string | undefined;
  readonly expectClean: boolean;
}

function count(name: string, value: string | undefined): number | undefined {
  if (value === undefined) return undefined;
  if (!/^\d+$/.test(value)) throw new Error(`--${name} takes a number, not «${value}»`);
  return Number(value);
}

/** @throws Error with one line for the user when the arguments make no sense */
export function readOptions(argv: readonly string[]): Options {
  const { values, positionals } = parseArgs({
    args: [...argv],
    allowPositionals: true,
    options: {
      packages: { type: 'boolean', default: false },
      mutations: { type: 'string' },
      seed: { type: 'string', default: '1' },
      sample: { type: 'string' },
      limit: { type: 'string' },
      'unused-ignores': { type: 'boolean', default: false },
      'all-files': { type: 'boolean', default: false },
      'all-rules': { type: 'boolean', default: false },
      jobs: { type: 'string' },
      as: { type: 'string' },
      record: { type: 'string' },
      json: { type: 'string' },
      'expect-clean': { type: 'boolean', default: false },
    },
  });
  const mutations = count('mutations', values.mutations) ?? 0;
  if (positionals.length === 0 && !values.packages && mutations === 0)
    throw new Error('give a folder, --packages or --mutations N');
  return {
    folders: positionals,
    packages: values.packages,
    mutations,
    seed: values.seed,
    sample: count('sample', values.sample),
    limit: count('limit', values.limit),
    unusedIgnores: values['unused-ignores'],
    allFiles: values['all-files'],
    allRules: values['all-rules'],
    jobs: Math.max(1, count('jobs', values.jobs) ?? 2),
    as: values.as,
    record: values.record,
    json: values.json,
    expectClean: values['expect-clean'],
  };
}
