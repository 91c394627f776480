import { convertedSteps, mountProblem } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'mount-not-valid',
  practice: 'X1',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'BuildKit refuses an option of RUN --mount',
  aliases: [],
  about: { instructions: ['RUN'], otherwise: 'nothing is mounted' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Span | undefined;
    for (const step of convertedSteps(build)) {
      const { name, flags, errors } = step.instruction;
      if (name !== 'RUN' || errors.length > 0) continue;
      for (const flag of flags) {
        if (flag.name !== 'mount') continue;
        seen ??= flag.span;
        const problem = mountProblem(build, step, flag);
        if (problem === undefined) continue;
        findings.push({
          at: problem.at,
          message: problem.sure ? problem.message : `without --build-arg ${problem.message}`,
          help: problem.help,
          step,
          ...(!problem.sure && { level: 'warning' as const }),
          fix: { declined: 'what the mount is meant to be only its author knows' },
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'nothing is mounted' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen }, says: 'BuildKit accepts every mount' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `The options of a mount are read when the build comes to its RUN, not when the file is parsed: a slip in one stops a build
that has been running for minutes. They are read from left to right, so that \`required\` and \`size\` must stand after the type that has them.`,
  examples: [
    {
      title: 'a type that there is not',
      bad: 'FROM debian:12\nRUN --mount=«type=volume»,target=/data true\n',
      declined: 'only its author',
    },
    {
      title: 'before its type',
      bad: 'FROM debian:12\nRUN --mount=«required»,type=secret,id=token true\n',
      declined: 'only its author',
    },
    {
      title: 'an option of another type',
      bad: 'FROM debian:12\nRUN --mount=«type=bind,uid=1000,target=/src» ls /src\n',
      declined: 'only its author',
    },
    {
      title: 'a slip of the pen',
      bad: 'FROM debian:12\nRUN --mount=type=cache,«tagret=/root/.npm» npm ci\n',
      declined: 'only its author',
    },
    {
      title: 'a secret without a name',
      bad: 'FROM debian:12\nRUN --mount=«type=secret» true\n',
      declined: 'only its author',
    },
    {
      title: 'no target, and the working directory is /',
      bad: 'FROM debian:12\nWORKDIR /\nRUN --mount=«type=cache» true\n',
      declined: 'only its author',
    },
  ],
  silent: [
    {
      title: 'all types',
      text:
        'FROM debian:12\nRUN --mount=type=cache,target=/c,sharing=locked,uid=0 --mount=type=tmpfs,target=/t,size=64m ' +
        '--mount=type=secret,id=a,required --mount=type=ssh --mount=target=/src,ro true\n',
      is: 'held',
    },
    {
      title: 'a value that depends on the platform',
      text: 'FROM debian:12\nARG TARGETARCH\nRUN --mount=type=cache,target=/c,id=c-$TARGETARCH true\n',
      is: 'held',
    },
    { title: 'no mount', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#run---mount'],
};
