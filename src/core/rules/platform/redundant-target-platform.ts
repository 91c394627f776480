import { refused, removeFlag } from '../../language/edit/index.ts';
import { expand, type Flag } from '../../language/syntax/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** What counts is that nothing is made of it, whatever it is. */
const SAMPLES = ['linux/amd64', 'linux/arm/v7', 'windows(10.0.17763.1)/amd64'];

/** True when the platform is `$TARGETPLATFORM` and nothing else, however it is written. */
function isTargetPlatform(value: string, escape: '\\' | '`'): boolean {
  return SAMPLES.every((sample) => {
    const platform = (name: string) => (name === 'TARGETPLATFORM' ? sample : undefined);
    const { used, unmatched, value: result } = expand(value, platform, { escape });
    return used.length === 1 && unmatched.length === 0 && result === sample;
  });
}

export default defineRule({
  id: 'redundant-target-platform',
  practice: 'X9',
  catalogue: ['X9.1'],
  level: 'info',
  fixClass: 'S',
  summary: 'FROM --platform says what holds anyway',
  aliases: ['buildkit/RedundantTargetPlatform'],
  subject: 'dockerfile',
  check({ build }) {
    const { dockerfile } = build;
    const findings: Finding[] = [];
    let seen: Flag | undefined;
    for (const { from } of build.stages) {
      const flag = from.instruction.flags.find(({ name }) => name === 'platform');
      if (flag?.value === undefined) continue;
      seen ??= flag;
      if (!isTargetPlatform(flag.value, dockerfile.escape)) continue;
      const edits = removeFlag(dockerfile, flag);
      findings.push({
        at: flag.span,
        message: `${flag.value} is the platform of a stage that names none`,
        help: 'leave it out',
        fix: refused(edits)
          ? edits
          : { title: 'remove --platform', variant: 'default', edits, claims: [{ kind: 'same-build' }] },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no stage names a platform' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen.span }, says: 'it is not the default' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `A stage is built for the target platform unless it says otherwise. \`--platform=$TARGETPLATFORM\` beside
\`--platform=$BUILDPLATFORM\` of another stage looks as if it did something.`,
  examples: [
    { bad: 'FROM «--platform=$TARGETPLATFORM» debian:12\n', good: 'FROM debian:12\n' },
    {
      title: 'with a default',
      bad: 'FROM «--platform=${TARGETPLATFORM:-linux/amd64}» debian:12 AS base\n',
      good: 'FROM debian:12 AS base\n',
    },
    {
      title: 'on a line of its own',
      bad: 'FROM \\\n«--platform=$TARGETPLATFORM» \\\n  debian:12\n',
      declined: 'start of a line',
    },
  ],
  silent: [
    { title: 'cross-compilation', text: 'FROM --platform=$BUILDPLATFORM golang:1.25\n', is: 'held' },
    { title: 'a part of it', text: 'FROM --platform=${TARGETPLATFORM%/v7} debian:12\n', is: 'held' },
    { title: 'no platform', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/redundant-target-platform/'],
};
