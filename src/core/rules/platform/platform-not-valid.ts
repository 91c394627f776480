import type { Flag } from '../../language/syntax/index.ts';
import { defaultOfFrom, isKnown } from '../../model/index.ts';
import { parsePlatform } from '../../world/images/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'platform-not-valid',
  practice: 'X9',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'FROM --platform names no platform',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Flag | undefined;
    for (const { from, platform } of build.stages) {
      const flag = from.instruction.flags.find(({ name }) => name === 'platform');
      if (flag?.value === undefined || flag.value === '' || platform === undefined) continue;
      seen ??= flag;
      const sure = isKnown(platform);
      const span = flag.valueSpan ?? flag.span;
      const value = sure ? platform.value : defaultOfFrom(build, { value: flag.value, span });
      if (value === undefined || parsePlatform(value) !== undefined) continue;
      const problem = value === '' ? `${flag.value} is empty` : `${value} is no platform`;
      findings.push({
        at: span,
        step: from,
        message: sure ? problem : `without --build-arg ${problem}`,
        help: 'write it as linux/amd64 or linux/arm64/v8, or take $BUILDPLATFORM or $TARGETPLATFORM',
        ...(!sure && { level: 'warning' as const }),
        fix: { declined: 'for which platform the stage is only its author knows' },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no stage names a platform' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen.span }, says: 'it is a platform' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: `BuildKit reads \`--platform\` as system/architecture/variant, or as one of the first two alone where it knows the name. Anything
else, an argument that nobody declared included, stops the build at once.`,
  examples: [
    { title: 'an unknown name', bad: 'FROM --platform=«raspberry» debian:12\n', declined: 'only its author' },
    {
      title: 'an argument that is not declared',
      bad: 'FROM --platform=«$PLATFORM» debian:12\n',
      declined: 'only its author',
    },
    {
      title: 'only with a build argument',
      bad: 'ARG PLATFORM\nFROM --platform=«$PLATFORM» debian:12\n',
      declined: 'only its author',
    },
    { title: 'too many parts', bad: 'FROM --platform=«linux/arm/v7/hf» debian:12\n', declined: 'only its author' },
  ],
  silent: [
    {
      title: 'platforms',
      text: 'FROM --platform=linux/arm64/v8 debian:12\nFROM --platform=arm64 debian:12\n',
      is: 'held',
    },
    { title: 'the platform of the builder', text: 'FROM --platform=$BUILDPLATFORM debian:12\n', is: 'held' },
    { title: 'none', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#from'],
};
