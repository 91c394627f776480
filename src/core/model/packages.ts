import { mayInstall } from '../language/shell/index.ts';
import type { Fact } from '../vocabulary/index.ts';
import { unknown, valueOf, written } from './known.ts';
import { stepsBefore } from './stages.ts';
import type { Build, Stage, Step, StepCommand } from './types.ts';
import { copyWords } from './words.ts';

/** Managers of a system's own packages, by the canonical names of the program tables. */
export const SYSTEM_MANAGERS: ReadonlySet<string> = new Set([
  'apt-get',
  'apt',
  'aptitude',
  'apk',
  'dnf',
  'yum',
  'microdnf',
  'zypper',
  'pacman',
]);

/** Packages that bring a program of another name. */
const PROVIDERS: Readonly<Record<string, RegExp>> = {
  curl: /^curl(?:-minimal)?$/,
  wget: /^wget2?$/,
  nc: /^(?:netcat.*|nc|nmap-ncat|ncat)$/,
  python: /^(?:python|python2|python-minimal|python-is-python3|python2\.7|build-base)$/,
  python3: /^python3(?:[.-].*)?$/,
  node: /^(?:node|nodejs)(?:[.@-].*)?$/,
  git: /^git(?:-core|-all)?$/,
  gcc: /^(?:gcc.*|build-essential|build-base|base-devel|g\+\+)$/,
  make: /^(?:make|build-essential|build-base|base-devel)$/,
};

/** Directories whose contents are programs by name. */
const BIN = /^\/(?:usr\/(?:local\/)?)?s?bin(?:\/+(.*)|$)/s;

/** Packages whose dependencies hold none of the programs that are asked about. */
const LEAVES =
  /^(?:lib.*|ca-certificates|tini|dumb-init|gosu|su-exec|openssl|tzdata|locales|gnupg2?|dirmngr|procps|fonts-.*|ttf-.*|build-essential|build-base|gcc|g\+\+|make|git|openssh-client|zip|unzip|bzip2|xz-utils|jq|less|nano|file|patch|pkg-config|net-tools|iproute2|iputils-ping|netbase|musl-dev|linux-headers)$/;

/** Every step that ran when the stage is done, the stages below first. */
function allSteps(stage: Stage): readonly Step[] {
  return [stage, ...stage.ancestors].reverse().flatMap((each) => [...each.triggers, ...each.steps]);
}

/**
 * Whether a program can be run in a stage: known true when the base image has it or a package that brings it was installed;
 * known false when the base lacks it and nothing that was seen can have brought it; unknown when a script, a copied file, a
 * package's dependency or a list that cannot be read might have.
 * @param before the step that would run it; left out: in the finished stage
 */
export function hasProgram(build: Build, stage: Stage, program: string, before?: Step): Fact<boolean> {
  const base = stage.image.has(program);
  if (valueOf(base) === true) return base;
  let doubt: string | undefined;
  for (const step of before === undefined ? allSteps(stage) : stepsBefore(before)) {
    const seen = bringsProgram(step, program);
    if (seen === undefined) continue;
    if (typeof seen === 'string') doubt ??= seen;
    else return written(true, build.file, seen.command.span, `installs ${program}`);
  }
  return doubt === undefined ? base : unknown(doubt);
}

/** The command that installs a program; or why the step may bring it, unseen; undefined when it does not. */
function bringsProgram(step: Step, program: string): StepCommand | string | undefined {
  const { name } = step.instruction;
  const copy = copyWords(step);
  if (copy !== undefined) {
    const target = valueOf(step.expand(copy.target)) ?? '$';
    const whole = /^\/(?:usr\/?(?:local\/?)?)?$/.test(target);
    const bin = BIN.exec(target);
    const inside = bin === null ? undefined : (bin[1] ?? '');
    const named = inside !== undefined && inside !== '' && !inside.includes('/') && inside !== program;
    return whole || target.includes('$') || (inside !== undefined && !named) ? `${name} may bring it` : undefined;
  }
  if (name !== 'RUN') return undefined;
  let doubt: string | undefined;
  for (const each of step.commands) {
    const { invocation } = each;
    if (invocation?.action === 'install' && SYSTEM_MANAGERS.has(invocation.program)) {
      const provides = (item: string) => item === program || PROVIDERS[program]?.test(item) === true;
      if (invocation.packages.some((item) => provides(item.name))) return each;
      if (!invocation.complete) doubt ??= 'a list of packages cannot be read';
      else if (invocation.packages.some((item) => !LEAVES.test(item.name)))
        doubt ??= 'an installed package may bring it';
    } else if (mayInstall(each)) doubt ??= 'a script may bring it';
  }
  const unread =
    step.scripts.some(({ opaque }) => opaque !== undefined) || (step.argv !== undefined && step.scripts.length === 0);
  return doubt ?? (unread ? 'a command that cannot be read may bring it' : undefined);
}
