import { isKnown, type Step } from '../../model/index.ts';
import { defineRule, type RuleDocs } from '../define.ts';

/** COPY and ADD sources, and bind mounts, that come from the build context. */
function readsContext(step: Step): boolean {
  const { name, args, flags, heredocs } = step.instruction;
  if (step.mounts.some(({ type, from }) => type === 'bind' && from === undefined)) return true;
  if ((name !== 'COPY' && name !== 'ADD') || flags.some((flag) => flag.name === 'from')) return false;
  const count = args.form === 'json' ? args.elements.length : args.form === 'words' ? args.words.length : 0;
  const words = args.form === 'json' ? args.elements : args.form === 'words' ? args.words : [];
  const remote = words.slice(0, -1).every(({ value }) => /^(?:https?|git):\/\/|^git@/.test(value));
  return count - 1 > heredocs.length && !remote;
}

export default defineRule({
  id: 'ignore-file-missing',
  practice: 'P19',
  catalogue: ['P19.1'],
  point: 7,
  level: 'warning',
  fixClass: 'F',
  summary: 'no .dockerignore keeps the build context small and clean',
  aliases: [],
  subject: 'target',
  check({ build, facts, context }) {
    const first = build.needed.flatMap(({ steps }) => steps).find(readsContext);
    if (first === undefined) return { is: 'not-applicable', because: 'nothing is copied from the build context' };
    const of = { context, dockerfile: build.file };
    const fact = facts.ask('ignore-file', of);
    if (!isKnown(fact))
      return { is: 'unknown', because: 'whether there is a .dockerignore', wants: [{ kind: 'ignore-file', of }] };
    const { file, patterns } = fact.value;
    if (file !== null && patterns.length > 0) {
      return {
        is: 'held',
        evidence: [
          {
            at: { file },
            says: `${file.split('/').at(-1)}: ${patterns.length} pattern${patterns.length === 1 ? '' : 's'}`,
          },
        ],
      };
    }
    return {
      is: 'violated',
      findings: [
        {
          at: first.instruction.keyword.span,
          message:
            file === null
              ? 'there is no .dockerignore: the whole directory is sent and can be copied'
              : `${file} has no patterns`,
          help: 'leave out .git, dependencies, build output, .env and keys',
          step: first,
          fix: { declined: 'what may be left out depends on the project: `layerwise context --write` will see to it' },
        },
      ],
    };
  },
});

export const docs: RuleDocs = {
  why: `Without a .dockerignore the build sends .git, node_modules, local secrets and old builds to the engine: slow at the start of each build, and \`COPY . .\` puts
them into the image. A changed file that the image does not need reruns every step after the COPY.`,
  examples: [
    { bad: 'FROM debian:12-slim\n«COPY» . /app\n', declined: 'context --write', files: { 'main.c': '' } },
    {
      title: 'one without patterns',
      bad: 'FROM debian:12-slim\n«COPY» . /app\n',
      declined: 'context --write',
      files: { '.dockerignore': '# nothing\n' },
    },
  ],
  silent: [
    {
      title: 'there is one',
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'held',
      files: { '.dockerignore': '.git\nnode_modules\n' },
    },
    {
      title: "the Dockerfile's own",
      text: 'FROM debian:12-slim\nCOPY . /app\n',
      is: 'held',
      files: { 'Dockerfile.dockerignore': '.git\n' },
    },
    { title: 'nothing is copied', text: 'FROM debian:12-slim\nRUN true\n', is: 'not-applicable', files: {} },
    {
      title: 'only from another stage',
      text: 'FROM debian:12-slim AS a\nRUN true\nFROM scratch\nCOPY --from=a /x /x\n',
      is: 'not-applicable',
      files: {},
    },
    { title: 'files were not looked at', text: 'FROM debian:12-slim\nCOPY . /app\n', is: 'unknown' },
  ],
};
