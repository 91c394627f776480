import { defineRule, found, type RuleDocs } from '../define.ts';

const RESERVED = new Set(['context', 'scratch']);

export default defineRule({
  id: 'reserved-stage-name',
  practice: 'P3',
  catalogue: ['P3.8'],
  level: 'warning',
  fixClass: 'N',
  summary: 'a stage is called scratch or context',
  aliases: ['buildkit/ReservedStageName', 'hadolint/DL3063'],
  subject: 'dockerfile',
  check({ build }) {
    const named = build.stages.flatMap(({ name, nameWord }) =>
      name === undefined || nameWord === undefined ? [] : [{ name, span: nameWord.span }],
    );
    const findings = named
      .filter(({ name }) => RESERVED.has(name))
      .map(({ name, span }) => ({
        at: span,
        message: `${name} is a name that BuildKit gives a meaning of its own`,
        help: 'call the stage something else, and change what refers to it',
        fix: { declined: 'a new name changes what --target finds, and what a plain mount or FROM of that name means' },
      }));
    const [one] = named;
    return found(
      findings,
      one === undefined
        ? { is: 'not-applicable', because: 'no stage has a name' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: one.span }, says: 'no stage has a reserved name' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`FROM scratch\` is the empty image, and \`context\` the build context. A stage of that name hides them from what follows in
the file, mounts included.`,
  examples: [
    { bad: 'FROM debian:12 AS «scratch»\nFROM scratch\n', declined: 'changes what --target finds' },
    { title: 'in capitals', bad: 'FROM debian:12 AS «Context»\n', declined: 'changes what --target finds' },
  ],
  silent: [
    { title: 'names that begin alike', text: 'FROM scratch AS scratch-files\n', is: 'held' },
    { title: 'no names', text: 'FROM scratch\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/reserved-stage-name/'],
};
