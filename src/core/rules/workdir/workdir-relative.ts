import type { Word } from '../../language/syntax/index.ts';
import { type Build, executedSteps, expandByDefault, isTriggered, joinPath, type Step } from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const DRIVE = /^(?:[A-Za-z]:)?[\\/]/;

/** `C:\app` is absolute in an image of Windows, and a name like any other on Linux. */
function mayBeWindows({ stage }: Step): boolean {
  if (stage === undefined) return false;
  const { platform, image } = stage;
  if (platform !== undefined && 'value' in platform) return /^windows\b/i.test(platform.value);
  return !('value' in image.os) || image.os.value.startsWith('windows');
}

function absolute(step: Step, word: Word, path: string, { dockerfile }: Build): Proposal | Declined {
  if (isTriggered(step)) return { declined: 'it stands in an ONBUILD, for other stages too' };
  const base = step.before.workdir;
  if (!('value' in base)) return { declined: 'the working directory of the base image is not known' };
  if (dockerfile.text.slice(...word.span) !== path || /["'$\\`]/.test(path))
    return { declined: 'the path is not written plainly' };
  if (path.startsWith('~'))
    return { declined: '"~" is no home directory in WORKDIR: only its author knows which is meant' };
  const text = joinPath(base.value, [path]);
  const known = step.stage?.root.kind === 'scratch';
  return {
    title: `write ${text}`,
    variant: known ? 'scratch' : 'image',
    edits: [{ span: word.span, text }],
    // An image's directory is what the table says of it: text alone does not show that the build stays the same.
    claims: known ? [{ kind: 'same-build' }] : [{ kind: 'observed', probe: 'config', expect: 'equal' }],
  };
}

export default defineRule({
  id: 'workdir-relative',
  practice: 'P20',
  catalogue: ['P20.1'],
  level: 'warning',
  fixClass: 'R',
  summary: 'the first WORKDIR is relative to whatever the base image has',
  aliases: ['buildkit/WorkdirRelativePath', 'hadolint/DL3000'],
  about: { instructions: ['WORKDIR'], otherwise: 'the file has no WORKDIR' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    let unknown = false;
    for (const stage of build.stages) {
      for (const step of executedSteps(stage)) {
        const { name, args } = step.instruction;
        const word = args.form === 'words' ? args.words[0] : undefined;
        if (name !== 'WORKDIR' || word === undefined) continue;
        seen ??= step;
        if (step.before.workdirStep !== undefined) continue;
        const path = expandByDefault(build, step, word);
        if (path === undefined) {
          unknown = true;
          continue;
        }
        if (path.startsWith('/') || (DRIVE.test(path) && mayBeWindows(step))) continue;
        findings.push({
          at: word.span,
          step,
          message: `${path === '' ? 'an empty path' : `the path ${path}`} is relative to the working directory of the base image`,
          help: 'write an absolute path',
          fix: absolute(step, word, path, build),
        });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    if (unknown) return { is: 'unknown', because: 'the path depends on a variable whose value is not known' };
    return seen === undefined
      ? { is: 'not-applicable', because: 'the file has no WORKDIR' }
      : {
          is: 'held',
          evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'the first WORKDIR is absolute' }],
        };
  },
});

export const docs: RuleDocs = {
  why: `A relative WORKDIR goes on from the working directory of the base image. Another version of that image may have another
one, and then the files lie elsewhere. Relative to a WORKDIR of this file it is fine.`,
  examples: [
    { bad: 'FROM scratch\nWORKDIR «app»\n', good: 'FROM scratch\nWORKDIR /app\n', variant: 'scratch' },
    {
      title: 'from a known image',
      bad: 'FROM debian:12\nWORKDIR «src/app»\n',
      good: 'FROM debian:12\nWORKDIR /src/app\n',
      variant: 'image',
    },
    {
      title: 'an argument without a default',
      bad: 'FROM debian:12\nARG DIR\nWORKDIR «$DIR»\n',
      declined: 'not written plainly',
    },
    { title: 'a home directory', bad: 'FROM debian:12\nWORKDIR «~/app»\n', declined: 'no home directory' },
    { title: 'from an unknown image', bad: 'FROM example.com/base:1\nWORKDIR «app»\n', declined: 'not known' },
  ],
  silent: [
    { title: 'relative to one of this file', text: 'FROM debian:12\nWORKDIR /src\nWORKDIR app\n', is: 'held' },
    {
      title: 'relative to one of the stage below',
      text: 'FROM debian:12 AS a\nWORKDIR /src\nFROM a\nWORKDIR app\n',
      is: 'held',
    },
    { title: 'a variable', text: 'FROM debian:12\nENV HOME_DIR=/app\nWORKDIR $HOME_DIR/src\n', is: 'held' },
    { title: 'a variable of an unknown image', text: 'FROM example.com/base:1\nWORKDIR $JBOSS_HOME\n', is: 'unknown' },
    {
      title: 'Windows',
      text: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nWORKDIR C:\\app\n',
      is: 'held',
    },
    { title: 'no WORKDIR', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/workdir-relative-path/'],
};
