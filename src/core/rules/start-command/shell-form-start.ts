import { looseArray } from '../../language/edit/index.ts';
import {
  configClaimName,
  execForm,
  isWindows,
  lacksShellToStart,
  plainArgv,
  type Stage,
  type Step,
  stepsNamed,
  valueOf,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/**
 * A file of the project's own: when it is a script without a `#!` line, a shell runs it all the same, and the kernel does
 * not. What it is cannot be seen here, so that these fixes are kept apart.
 */
function mayBeScript(program: string): boolean {
  return /\.(?:sh|bash)$/.test(program) || (program.includes('/') && !/^\/(?:usr\/)?s?bin\/[^.]+$/.test(program));
}

/** The script ends with `exec`: the program takes the place of the shell. */
function handsOver({ commands }: Step): boolean {
  const last = commands.at(-1)?.command;
  return last?.certain === true && last.nesting.length === 0 && last.wrappers[0] === 'exec';
}

function toExec(step: Step, stage: Stage): Proposal | Declined {
  const { instruction } = step;
  if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
  const argv = plainArgv(step);
  if ('declined' in argv) return argv;
  const field = instruction.name === 'CMD' ? 'Cmd' : 'Entrypoint';
  // a CMD below a shell-form ENTRYPOINT was ignored; exec form would make it an argument
  const cmd = stage.end.cmd;
  if (field === 'Entrypoint' && (cmd !== undefined || stage.descendants.length > 0))
    return { declined: 'the CMD that the shell form ignores would become its arguments' };
  if (field === 'Cmd' && valueOf(stage.image.entrypoint)?.length !== 0 && stage.end.entrypoint === undefined) {
    return { declined: 'the base image may have an ENTRYPOINT, which would get other arguments' };
  }
  if (field === 'Cmd' && stage.end.entrypoint !== undefined)
    return { declined: 'the ENTRYPOINT gets the shell as its argument: decide what it should get' };
  return {
    title: 'write it in exec form',
    variant: `${field === 'Cmd' ? 'cmd' : 'entrypoint'}${mayBeScript(argv[0] ?? '') ? '-file' : ''}`,
    edits: [{ span: instruction.args.span, text: execForm(argv) }],
    claims: [
      { kind: 'same-build-but', differs: [configClaimName(stage, field)] },
      { kind: 'observed', probe: 'argv', expect: argv },
    ],
  };
}

export default defineRule({
  id: 'shell-form-start',
  practice: 'P14',
  catalogue: ['P14.1'],
  point: 5,
  level: 'warning',
  fixClass: 'S+B',
  summary: 'the start command runs under a shell, which swallows signals',
  aliases: ['buildkit/JSONArgsRecommended', 'hadolint/DL3025'],
  about: { instructions: ['CMD', 'ENTRYPOINT'], otherwise: 'the file sets no start command' },
  subject: 'target',
  reveals: true,
  check({ build, target }) {
    const findings: Finding[] = [];
    const shipped = build.shipped;
    let seen: Step | undefined;
    for (const stage of shipped) {
      for (const step of [...stepsNamed(stage, 'ENTRYPOINT'), ...stepsNamed(stage, 'CMD')]) {
        const { instruction } = step;
        // only what starts counts: an instruction that a later one overrides is another rule's matter
        if (step !== target.end.entrypoint && step !== target.end.cmd) continue;
        seen = step;
        if (instruction.args.form !== 'shell' || step.before.shellStep !== undefined) continue;
        if (instruction.args.script.text.trim() === '') continue;
        // Other rules tell what is worse: it does not start at all, or no array was meant to be a script.
        if (lacksShellToStart(step, target) || looseArray(instruction.args.script.text) !== undefined) continue;
        const exec = handsOver(step);
        // Where the shell has work to do, exec is what an array would say: ["sh", "-c", "exec …"].
        if (exec && 'declined' in plainArgv(step)) continue;
        findings.push({
          at: instruction.args.span,
          message: exec
            ? `${instruction.name} in shell form: only exec makes the program PID 1, and the image needs a shell for it`
            : `${instruction.name} in shell form: PID 1 is a shell that passes no signals on`,
          help: exec ? 'write a JSON array' : 'write a JSON array, so that the program is PID 1 and gets SIGTERM',
          ...(exec && { level: 'info' as const }),
          step,
          fix: toExec(step, stage),
        });
      }
    }
    if (seen === undefined) return { is: 'not-applicable', because: 'the file sets no start command' };
    if (isWindows(build, target)) return { is: 'not-applicable', because: 'Windows has no signals to pass on' };
    if (
      findings.length === 0 &&
      seen.instruction.args.form !== 'json' &&
      seen.before.shellStep === undefined &&
      !handsOver(seen)
    )
      return { is: 'not-applicable', because: 'it does not start at all: see shell-missing and malformed-exec-form' };
    return found(findings, {
      is: 'held',
      evidence: [
        {
          at: { file: build.file, span: seen.instruction.span },
          says: handsOver(seen)
            ? 'exec puts the program in the place of the shell'
            : `${seen.instruction.name} is in exec form`,
        },
      ],
    });
  },
});

export const docs: RuleDocs = {
  why: `In shell form the image starts \`/bin/sh -c "…"\`. The shell is PID 1, and most shells do not pass SIGTERM on: \`docker stop\` waits for its grace
period and then kills the program, which loses what it was doing. In exec form the program itself is PID 1.`,
  figure:
    'On a Node service, `docker stop` took 10.4 s and ended with exit code 137 in shell form, 0.2 s and 0 in exec form (`npm run test:lab`).',
  examples: [
    {
      bad: 'FROM debian:12-slim\nCMD «server --port 8080»\n',
      good: 'FROM debian:12-slim\nCMD ["server", "--port", "8080"]\n',
      variant: 'cmd',
    },
    {
      bad: `FROM debian:12-slim\nENTRYPOINT «exec server 'a b'»\n`,
      good: 'FROM debian:12-slim\nENTRYPOINT ["server", "a b"]\n',
      variant: 'entrypoint',
    },
    {
      title: 'a file that may lack its #! line',
      bad: 'FROM debian:12-slim\nCMD «/start.sh»\n',
      good: 'FROM debian:12-slim\nCMD ["/start.sh"]\n',
      variant: 'cmd-file',
    },
    {
      title: 'a variable needs the shell',
      bad: 'FROM debian:12-slim\nCMD «server --port $PORT»\n',
      declined: 'uses the shell',
    },
    { title: 'two commands', bad: 'FROM debian:12-slim\nCMD «migrate && server»\n', declined: 'uses the shell' },
    {
      title: 'an ignored CMD would come alive',
      bad: 'FROM debian:12-slim\nENTRYPOINT «server»\nCMD ["--help"]\n',
      declined: 'would become its arguments',
    },
  ],
  silent: [
    { title: 'exec form', text: 'FROM debian:12-slim\nENTRYPOINT ["server"]\n', is: 'held' },
    {
      title: 'the shell was chosen on purpose',
      text: 'FROM debian:12-slim\nSHELL ["/bin/bash", "-c"]\nCMD server $PORT\n',
      is: 'held',
    },
    {
      title: 'exec, with words for the shell',
      text: 'FROM debian:12-slim\nCMD exec gunicorn --bind :$PORT app:app\n',
      is: 'held',
    },
    {
      title: 'Windows by the name of the image',
      text: 'FROM microsoft/mssql-server-windows-express\nCMD sqlservr\n',
      is: 'not-applicable',
    },
    {
      title: 'Windows has no signals',
      text: '# escape=`\nFROM mcr.microsoft.com/windows/servercore:ltsc2022\nCMD app.exe\n',
      is: 'not-applicable',
    },
    {
      title: 'an array that is no valid JSON: malformed-exec-form tells it',
      text: "FROM debian:12-slim\nCMD ['server', '-v']\n",
      is: 'not-applicable',
    },
    {
      title: 'no shell at all: shell-missing tells it',
      text: 'FROM scratch\nCOPY app /app\nCMD /app\n',
      is: 'not-applicable',
    },
    { title: 'nothing is started', text: 'FROM debian:12-slim\nRUN true\n', is: 'not-applicable' },
    {
      title: 'a builder that does not ship',
      text: 'FROM debian:12-slim AS build\nCMD make\nFROM scratch\nCOPY --from=build /a /a\nENTRYPOINT ["/a"]\n',
      is: 'held',
    },
  ],
};
