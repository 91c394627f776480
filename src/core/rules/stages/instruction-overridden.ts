import { type Edits, refused, removeInstruction } from '../../language/edit/index.ts';
import { executedSteps, isTriggered, type Step } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const LAST_COUNTS = new Set(['CMD', 'ENTRYPOINT', 'HEALTHCHECK']);

function fixOf(edits: Edits, name: string): Finding['fix'] {
  if (refused(edits)) return edits;
  return { title: `remove the ${name} without effect`, variant: 'default', edits, claims: [{ kind: 'same-build' }] };
}

export default defineRule({
  id: 'instruction-overridden',
  practice: 'P14',
  catalogue: ['P14.3', 'P14.4', 'P16.2'],
  level: 'warning',
  fixClass: 'S',
  summary: 'a later CMD, ENTRYPOINT or HEALTHCHECK of the stage overrides this one',
  aliases: ['buildkit/MultipleInstructionsDisallowed', 'hadolint/DL4003', 'hadolint/DL4004', 'hadolint/DL3012'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const stage of build.stages) {
      const last = new Map<string, Step>();
      for (const step of executedSteps(stage)) {
        const { name, keyword } = step.instruction;
        if (!LAST_COUNTS.has(name)) continue;
        seen ??= step;
        const earlier = last.get(name);
        last.set(name, step);
        if (earlier === undefined) continue;
        findings.push({
          at: earlier.instruction.keyword.span,
          step: earlier,
          message: `a later ${name} of this stage overrides it`,
          help: `only the last ${name} of a stage counts: remove this one`,
          related: [{ at: keyword.span, label: 'this one counts' }],
          fix: isTriggered(earlier)
            ? { declined: 'an ONBUILD of the stage below sets it, for other stages too' }
            : fixOf(removeInstruction(build.dockerfile, earlier.instruction), name),
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no stage sets a command, entrypoint or health check' }
        : {
            is: 'held',
            evidence: [
              { at: { file: build.file, span: seen.instruction.span }, says: 'each is set once in its stage' },
            ],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `An image has one CMD, one ENTRYPOINT and one HEALTHCHECK. The earlier ones of a stage do nothing, and whoever reads or
changes them is misled.`,
  examples: [
    {
      bad: 'FROM nginx:1.29\n«CMD» ["bash"]\nRUN true\nCMD ["nginx", "-g", "daemon off;"]\n',
      good: 'FROM nginx:1.29\nRUN true\nCMD ["nginx", "-g", "daemon off;"]\n',
    },
    {
      title: 'over several lines',
      bad: 'FROM nginx:1.29\n«HEALTHCHECK» --interval=5s \\\n  CMD curl -f http://localhost/\nHEALTHCHECK NONE\n',
      good: 'FROM nginx:1.29\nHEALTHCHECK NONE\n',
    },
    {
      title: 'a comment belongs to it',
      bad: 'FROM nginx:1.29\n# for debugging\n«ENTRYPOINT» ["bash"]\nENTRYPOINT ["nginx"]\n',
      declined: 'comment',
    },
  ],
  silent: [
    {
      title: 'a stage may set its own',
      text: 'FROM nginx:1.29 AS base\nCMD ["a"]\nFROM base\nCMD ["b"]\n',
      is: 'held',
    },
    {
      title: 'the command of a health check',
      text: 'FROM nginx:1.29\nHEALTHCHECK CMD ["true"]\nCMD ["a"]\n',
      is: 'held',
    },
    { title: 'ONBUILD is for another build', text: 'FROM nginx:1.29\nONBUILD CMD ["a"]\nCMD ["b"]\n', is: 'held' },
    { title: 'nothing set', text: 'FROM nginx:1.29\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/multiple-instructions-disallowed/'],
};
