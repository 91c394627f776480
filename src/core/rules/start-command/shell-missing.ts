import { looseArray } from '../../language/edit/index.ts';
import {
  configClaimName,
  execForm,
  hasShell,
  lacksShellToStart,
  plainArgv,
  type Step,
  valueOf,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const SHELLS = /^(?:\/(?:usr\/)?bin\/)?(?:sh|bash|ash|dash)$/;
const HELP = 'take a base image with a shell, or write a JSON array that starts the program itself';

function toExec(step: Step): Proposal | Declined {
  const { instruction, stage } = step;
  if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
  const argv = plainArgv(step);
  if ('declined' in argv) return { declined: 'the script uses the shell, and there is none: the program has to do it' };
  if (instruction.name === 'ENTRYPOINT' && stage?.end.cmd !== undefined)
    return { declined: 'the CMD that the shell form ignores would become its arguments' };
  const field = instruction.name === 'CMD' ? 'Cmd' : 'Entrypoint';
  return {
    title: 'write it in exec form',
    variant: instruction.name.toLowerCase(),
    edits: [{ span: instruction.args.span, text: execForm(argv) }],
    claims: [
      { kind: 'same-build-but', differs: [configClaimName(stage, field)] },
      { kind: 'observed', probe: 'argv', expect: argv },
    ],
  };
}

/** A RUN in shell form whose mounts bring no shell either. */
function runsInShell({ instruction, before, mounts }: Step): boolean {
  return (
    instruction.name === 'RUN' &&
    instruction.args.form === 'shell' &&
    instruction.heredocs.length === 0 &&
    before.shellStep === undefined &&
    mounts.every(({ type }) => type === 'secret' || type === 'ssh' || type === 'cache' || type === 'tmpfs')
  );
}

export default defineRule({
  id: 'shell-missing',
  practice: 'P14',
  catalogue: ['P14.1'],
  point: 5,
  onlyAgainst: true,
  level: 'error',
  fixClass: 'B',
  summary: 'a command needs a shell, and the image has none: it cannot start',
  aliases: [],
  subject: 'target',
  check({ build, target }) {
    const findings: Finding[] = [];
    const needed = new Set(build.needed);
    let seen: Step | undefined;
    for (const step of build.steps) {
      const { stage, instruction } = step;
      if (stage === undefined || !needed.has(stage) || !runsInShell(step)) continue;
      seen ??= step;
      if (valueOf(hasShell(stage, step)) !== false) continue;
      findings.push({
        at: instruction.args.span,
        message: 'the image has no shell, which RUN in shell form needs: the build fails',
        help: 'do it in a stage that has a shell, and copy the result from there',
        step,
        related: [
          {
            at: stage.root === stage.base ? stage.from.instruction.args.span : stage.from.instruction.span,
            label: 'this image has none',
          },
        ],
        fix: { declined: 'what the RUN makes decides what has to be copied' },
      });
    }
    for (const step of [target.end.entrypoint, target.end.cmd]) {
      if (step === undefined) continue;
      seen ??= step;
      const { name, args } = step.instruction;
      const from = target.from.instruction.args.span;
      const related = [{ at: from, label: 'this image has none' }];
      if (args.form === 'shell') {
        const text = args.script.text;
        // What is no valid array is its own matter, and would be none with a shell either.
        if (text.trim() === '' || looseArray(text) !== undefined || !lacksShellToStart(step, target)) continue;
        const message = `the image has no shell, which ${name} in shell form needs: the container cannot start`;
        findings.push({ at: args.span, message, help: HELP, step, related, fix: toExec(step) });
      } else if (args.form === 'json' && (name === 'ENTRYPOINT' || target.end.entrypoint === undefined)) {
        const [first] = args.elements;
        const itself = name === 'ENTRYPOINT' || valueOf(target.image.entrypoint)?.length === 0;
        if (first === undefined || !itself || !SHELLS.test(first.value)) continue;
        if (valueOf(hasShell(target)) !== false) continue;
        const message = `the image has no ${first.value}: the container cannot start`;
        const declined = 'what the shell would do, the program has to do itself';
        findings.push({ at: first.span, message, help: HELP, step, related, fix: { declined } });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    const sh = hasShell(target);
    if (seen === undefined) return { is: 'not-applicable', because: 'nothing is run and nothing started' };
    if (valueOf(sh) === true)
      return {
        is: 'held',
        evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'the image has a shell' }],
      };
    return valueOf(sh) === false
      ? { is: 'held', evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'needs no shell' }] }
      : { is: 'unknown', because: 'it is not known whether the image has a shell' };
  },
});

export const docs: RuleDocs = {
  why: `Shell form is \`/bin/sh -c "…"\`. \`scratch\` and distroless images have no \`/bin/sh\`: a RUN ends the build with «exec: "/bin/sh": stat
/bin/sh: no such file or directory», and a container does not start at all.`,
  examples: [
    {
      bad: 'FROM scratch\nCOPY app /app\nCMD «/app --serve»\n',
      good: 'FROM scratch\nCOPY app /app\nCMD ["/app", "--serve"]\n',
      variant: 'cmd',
    },
    {
      title: 'distroless',
      bad: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /app /usr/local/bin/app\nENTRYPOINT «/usr/local/bin/app»\n',
      good: 'FROM gcr.io/distroless/static-debian12:nonroot\nCOPY --from=build /app /usr/local/bin/app\nENTRYPOINT ["/usr/local/bin/app"]\n',
      variant: 'entrypoint',
    },
    {
      title: 'a variable that nobody expands',
      bad: 'FROM gcr.io/distroless/base-debian12\nCOPY app /app\nENTRYPOINT «/app --port $PORT»\n',
      declined: 'uses the shell',
    },
    {
      title: 'a shell by name',
      bad: 'FROM scratch\nCOPY app /app\nCMD [«"sh"», "-c", "/app --port $PORT"]\n',
      declined: 'has to do itself',
    },
    {
      title: 'a RUN',
      bad: 'FROM scratch\nCOPY app /app\nRUN «chmod +x /app»\nCMD ["/app"]\n',
      declined: 'decides what has to be copied',
    },
  ],
  silent: [
    { title: 'exec form', text: 'FROM scratch\nCOPY app /app\nCMD ["/app"]\n', is: 'held' },
    { title: 'there is one', text: 'FROM debian:12-slim\nCMD server\n', is: 'held' },
    {
      title: 'a root file system may bring one',
      text: 'FROM scratch\nADD rootfs.tar.xz /\nRUN true\nCMD server\n',
      is: 'unknown',
    },
    {
      title: 'copied from busybox',
      text: 'FROM gcr.io/distroless/base-debian12\nCOPY --from=busybox:1.37 /bin/sh /bin/sh\nCMD /app $PORT\n',
      is: 'unknown',
    },
    {
      title: 'the debug variant has busybox',
      text: 'FROM gcr.io/distroless/base-debian12:debug\nCOPY app /app\nCMD /app\n',
      is: 'unknown',
    },
    {
      title: 'CMD is what the ENTRYPOINT gets',
      text: 'FROM gcr.io/distroless/java21-debian12\nCOPY app.jar /app.jar\nCMD /app.jar\n',
      is: 'held',
    },
    {
      title: 'a shell that is mounted',
      text: 'FROM scratch\nRUN --mount=from=busybox:1.37,target=/bin true\nCMD ["/app"]\n',
      is: 'unknown',
    },
    { title: 'nothing is started', text: 'FROM scratch\nCOPY app /app\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#shell-and-exec-form'],
};
