import { refused, removeInstruction } from '../../language/edit/index.ts';
import { type Build, configClaimName, type Stage, type Step, stepsNamed } from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const KEY = 'org.opencontainers.image.authors';

/** A Dockerfile word in double quotes that expands to exactly `text`. */
function quoted(text: string, escape: string): string {
  return `"${text
    .replaceAll(escape, escape + escape)
    .replaceAll('"', `${escape}"`)
    .replaceAll('$', `${escape}$`)}"`;
}

/** The stage sets the label itself: two values would be one too many. */
function hasLabel(stage: Stage): boolean {
  return stepsNamed(stage, 'LABEL').some(
    ({ instruction: { args } }) => args.form === 'pairs' && args.pairs.some(({ key }) => key.value.includes(KEY)),
  );
}

/** A later MAINTAINER of the stage replaces it: nobody ever sees the name. */
function removeOverridden(build: Build, step: Step): Proposal | Declined {
  const edits = removeInstruction(build.dockerfile, step.instruction);
  if (refused(edits)) return edits;
  return {
    title: 'remove the name that a later MAINTAINER replaces',
    variant: 'overridden',
    edits,
    claims: [{ kind: 'same-build' }],
  };
}

function toLabel(step: Step, escape: string): Proposal | Declined {
  const { instruction, stage } = step;
  const [author] = instruction.args.form === 'words' ? instruction.args.words : [];
  if (author === undefined || stage === undefined) return { declined: 'the name cannot be read' };
  if (hasLabel(stage)) return { declined: `the stage has a label ${KEY} already: which name is right does not show` };
  if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
  const lower = instruction.keyword.value === instruction.keyword.value.toLowerCase();
  const bare = author.value.replace(/^(["'])(.*)\1$/, '$2');
  if (/\n/.test(bare)) return { declined: 'the name is broken over two lines' };
  return {
    title: 'say it in a label',
    variant: 'default',
    edits: [{ span: instruction.span, text: `${lower ? 'label' : 'LABEL'} ${KEY}=${quoted(bare, escape)}` }],
    claims: [
      {
        kind: 'same-build-but',
        // What a stage says of itself goes on to those that are FROM it.
        differs: [stage, ...stage.descendants].flatMap((each) => [
          configClaimName(each, 'author'),
          configClaimName(each, 'Labels'),
        ]),
      },
      { kind: 'observed', probe: 'config', expect: ['author', 'Labels'] },
    ],
  };
}

export default defineRule({
  id: 'maintainer-instruction',
  practice: 'P17',
  catalogue: ['P17.10'],
  level: 'warning',
  fixClass: 'S',
  summary: 'MAINTAINER is deprecated: a label says it',
  aliases: ['buildkit/MaintainerDeprecated', 'hadolint/DL4000'],
  subject: 'dockerfile',
  check({ build }) {
    const { escape } = build.dockerfile;
    const findings: Finding[] = [];
    for (const step of build.steps) {
      if (step.instruction.name !== 'MAINTAINER') continue;
      findings.push({
        at: step.instruction.keyword.span,
        message: 'MAINTAINER is deprecated',
        help: `use LABEL ${KEY}`,
        fix:
          step.stage !== undefined && stepsNamed(step.stage, 'MAINTAINER').at(-1) !== step && !step.onbuild
            ? removeOverridden(build, step)
            : toLabel(step, escape),
      });
    }
    return found(findings, { is: 'held', evidence: [{ at: { file: build.file }, says: 'no MAINTAINER' }] });
  },
});

export const docs: RuleDocs = {
  why: 'MAINTAINER has been deprecated since Docker 1.13. Its value ends in a field of the image that few tools read; the OCI label is shown by registries and `docker inspect`.',
  observed: ['default'],
  unconditional: ['default'],
  examples: [
    {
      bad: 'FROM debian:trixie-slim\n«MAINTAINER» Ada Lovelace <ada@example.org>\nRUN true\n',
      good: 'FROM debian:trixie-slim\nLABEL org.opencontainers.image.authors="Ada Lovelace <ada@example.org>"\nRUN true\n',
    },
    {
      title: 'quotes around the name are not doubled',
      bad: 'FROM debian:trixie-slim\n«MAINTAINER» "Ada"\n',
      good: 'FROM debian:trixie-slim\nLABEL org.opencontainers.image.authors="Ada"\n',
    },
    {
      title: 'a stage that others are FROM',
      bad: 'ARG KIND=full\nFROM debian:trixie-slim AS base\n«MAINTAINER» Ada\nRUN true\nFROM base AS base-full\nRUN true\nFROM base-${KIND} AS current\n',
      good: 'ARG KIND=full\nFROM debian:trixie-slim AS base\nLABEL org.opencontainers.image.authors="Ada"\nRUN true\nFROM base AS base-full\nRUN true\nFROM base-${KIND} AS current\n',
    },
    {
      title: 'a dollar sign stays one',
      bad: 'FROM debian:trixie-slim\n«maintainer» a$b\n',
      good: 'FROM debian:trixie-slim\nlabel org.opencontainers.image.authors="a\\$b"\n',
    },
    {
      title: 'the last one holds',
      bad: 'FROM debian:12-slim\n«MAINTAINER» Ada\n«MAINTAINER» Grace\n',
      good: 'FROM debian:12-slim\nLABEL org.opencontainers.image.authors="Grace"\n',
    },
    {
      title: 'the label is there',
      bad: 'FROM debian:12-slim\n«MAINTAINER» Ada\nLABEL org.opencontainers.image.authors="Grace"\n',
      declined: 'already',
    },
  ],
  silent: [
    { title: 'a label', text: 'FROM debian:trixie-slim\nLABEL org.opencontainers.image.authors="Ada"\n', is: 'held' },
  ],
};
