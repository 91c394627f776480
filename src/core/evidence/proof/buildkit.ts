import { type Instruction, parse } from '../../language/syntax/index.ts';
import { lineMap, position } from '../../language/text/index.ts';

/** Flags that Docker's old builder knows too. */
const oldFlags: Readonly<Record<string, ReadonlySet<string>>> = {
  FROM: new Set(['platform']),
  COPY: new Set(['from', 'chown']),
  ADD: new Set(['chown']),
  HEALTHCHECK: new Set(['interval', 'timeout', 'retries', 'start-period', 'start-interval']),
};

/** What of a Dockerfile Docker's old builder refuses or, as a heredoc, runs as something else: `RUN --mount in line 5`. */
export function needsBuildKit(dockerfile: string): string | undefined {
  const lines = lineMap(dockerfile);
  for (const instruction of parse(dockerfile).instructions) {
    const what = newIn(instruction.child ?? instruction);
    if (what !== undefined) return `${what} in line ${position(lines, instruction.span[0]).line}`;
  }
  return undefined;
}

function newIn({ name, flags, heredocs }: Instruction): string | undefined {
  if (heredocs.length > 0) return `the heredoc of ${name}`;
  for (const flag of flags) {
    if (!oldFlags[name]?.has(flag.name)) return `${name} --${flag.name}`;
    if (flag.name === 'platform' && /\$\{?(?:BUILD|TARGET)/.test(flag.value ?? ''))
      return `FROM --platform=${flag.value}`;
  }
  return undefined;
}
