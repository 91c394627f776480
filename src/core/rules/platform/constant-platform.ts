import { expand, type Flag } from '../../language/syntax/index.ts';
import { parsePlatform } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** The platform when no variable has a part in it. */
function constant({ value = '' }: Flag, escape: '\\' | '`'): string | undefined {
  const expansion = expand(value, () => undefined, { escape });
  return expansion.unmatched.length === 0 && typeof expansion.value === 'string' ? expansion.value : undefined;
}

export default defineRule({
  id: 'constant-platform',
  practice: 'X9',
  catalogue: ['X9.1'],
  level: 'info',
  fixClass: 'R',
  summary: 'FROM --platform is fixed, so that the file builds for one platform only',
  aliases: ['buildkit/FromPlatformFlagConstDisallowed', 'hadolint/DL3029'],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Flag | undefined;
    for (const { from, name = '' } of build.stages) {
      const flag = from.instruction.flags.find((one) => one.name === 'platform');
      if (flag === undefined) continue;
      seen ??= flag;
      const written = constant(flag, build.dockerfile.escape);
      const platform = written === undefined ? undefined : parsePlatform(written);
      if (platform === undefined) continue;
      const { os, architecture } = platform;
      if (name.includes(os) || (architecture !== '' && name.includes(architecture))) continue;
      findings.push({
        at: flag.span,
        message: `the stage is built for ${written} whatever the build is for`,
        help: 'leave it to `docker build --platform`, or say $BUILDPLATFORM for a stage that cross-compiles',
        fix: {
          declined: 'which platforms the image exists for, and whether the stage cross-compiles, the text does not say',
        },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no stage names a platform' }
        : {
            is: 'held',
            evidence: [
              {
                at: { file: build.file, span: seen.span },
                says: 'the platform is not fixed, or the stage is named after it',
              },
            ],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `\`docker build --platform\` chooses the platform. A fixed one in FROM takes that choice away: on another machine the image
runs under emulation, and a build for several platforms gives the same one under each name. A stage that is there for one platform
says so in its name.`,
  examples: [
    { bad: 'FROM «--platform=linux/amd64» debian:12\n', declined: 'the text does not say' },
    {
      title: 'a name that says something else',
      bad: 'FROM «--platform=linux/amd64» debian:12 AS base\n',
      declined: 'the text does not say',
    },
  ],
  silent: [
    { title: 'a variable', text: 'FROM --platform=$BUILDPLATFORM golang:1.25\n', is: 'held' },
    { title: 'a stage for one platform', text: 'FROM --platform=linux/x86_64 debian:12 AS build_amd64\n', is: 'held' },
    { title: 'no platform', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/build-checks/from-platform-flag-const-disallowed/'],
};
