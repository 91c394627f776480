import { insertWord, refused } from '../../language/edit/index.ts';
import {
  type Build,
  cacheDirectory,
  changesScript,
  evidenceAt,
  hereOrBefore,
  isKnown,
  leftBehind,
  type Step,
  type StepCommand,
  shippedRuns,
  valueOf,
  whyNeeded,
} from '../../model/index.ts';
import type { Claim, Edit } from '../../vocabulary/index.ts';
import { floats } from '../../world/images/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Debian and Ubuntu releases whose own pip is older than 6.0, which brought the option. */
const OLD = /^(?:debian:[1-8]|ubuntu:(?:[0-9]|1[0-4]))(?:\.|$)/;

/**
 * Python's own images bring a pip of their own, since 2.7.10 and 3.4.4 (2015) one that knows the option.
 * @returns undefined for another image
 */
function ownPipIsOld({ stage }: Step): boolean | undefined {
  if (stage?.root.kind !== 'image' || !isKnown(stage.root.image)) return undefined;
  if (!valueOf(stage.image.envNames)?.includes('PYTHON_PIP_VERSION')) return undefined;
  const [major = 3, minor, patch = Number.POSITIVE_INFINITY] = (
    /^\d+(?:\.\d+)*/.exec(stage.root.image.value.tag ?? '')?.[0] ?? '3'
  )
    .split('.')
    .map(Number);
  if (minor === undefined) return false;
  return major === 2 ? minor < 7 || (minor === 7 && patch < 10) : minor < 4 || (minor === 4 && patch < 4);
}

/** `debian` and `ubuntu:latest` are what is newest when somebody builds. */
function isNewestSystem({ stage }: Step): boolean {
  if (stage?.root.kind !== 'image' || !isKnown(stage.root.image)) return false;
  const reference = stage.root.image.value;
  return /^(?:debian|ubuntu)$/.test(reference.familiar) && /^(?:none|latest)$/.test(floats(reference));
}

/** The system's own pip is installed. */
const hasSystemPip = hereOrBefore(({ commands }) =>
  commands.some(
    ({ invocation }) =>
      invocation?.action === 'install' &&
      /^apt/.test(invocation.program) &&
      invocation.packages.some(({ name }) => /^python3?-pip$/.test(name)),
  ),
);

/** Why pip may not know the option: it is the system's own, and the system is old or unknown. */
function mayBeTooOld(step: Step): boolean {
  const fromSystem = hasSystemPip(step);
  const own = ownPipIsOld(step);
  if (own !== undefined && !fromSystem) return own;
  if (isNewestSystem(step)) return false;
  const os = step.stage === undefined ? undefined : valueOf(step.stage.image.os);
  return os === undefined ? fromSystem : OLD.test(os);
}

function withoutCache(build: Build, step: Step): Proposal | Declined {
  const directory = valueOf(cacheDirectory(step, 'pip-cache'));
  if (mayBeTooOld(step)) return { declined: 'the pip of this system may be older than --no-cache-dir (pip 6, 2014)' };
  const needed = whyNeeded(build, step, 'pip-cache');
  if (needed !== undefined) return { declined: `the cache must stay, as ${needed}` };
  const edits: Edit[] = [];
  for (const { command, invocation } of step.commands) {
    if (!invocation?.writes.includes('pip-cache')) continue;
    const word = invocation.subcommandWord;
    if (invocation.program !== 'pip')
      return { declined: `${invocation.program} has no such option: set PIP_NO_CACHE_DIR=1 for it` };
    if (word === undefined || word.broken || command.nesting.includes('sh -c'))
      return { declined: 'the command is not plain' };
    if (invocation.options.some(({ name }) => name === '--cache-dir'))
      return { declined: '--cache-dir says where the cache is, and would win: take it out' };
    const edit = insertWord(word, '--no-cache-dir');
    if (refused(edit)) return edit;
    edits.push(...edit);
  }
  const same: readonly Claim[] = [
    changesScript(build, step),
    { kind: 'observed', probe: 'builds', expect: true },
    { kind: 'observed', probe: 'packages', expect: 'equal' },
  ];
  const title = 'install with --no-cache-dir';
  // Whether anything reads the cache cannot be told where nobody knows its place.
  if (directory === undefined) return { title, variant: 'unknown-home', edits, claims: same };
  const parent = directory.slice(0, directory.lastIndexOf('/'));
  const gone: Claim = { kind: 'observed', probe: 'paths-only-before', expect: [parent, directory, `${directory}/*`] };
  return { title, variant: 'pip', edits, claims: [...same, gone] };
}

export default defineRule({
  id: 'pip-cache-left-behind',
  practice: 'P7',
  catalogue: ['P7.3'],
  level: 'warning',
  fixClass: 'S',
  summary: 'the cache of pip stays in the image',
  aliases: ['hadolint/DL3042'],
  about: { programs: ['pip', 'pipenv'], written: ['pip-cache'], otherwise: 'no pip install in a stage that ships' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const step of shippedRuns(build)) {
      seen ??= step.commands.find(
        ({ invocation }) => /^pip(?:env)?$/.test(invocation?.program ?? '') && invocation?.action === 'install',
      );
      const writer = leftBehind(step, 'pip-cache');
      if (writer === undefined) continue;
      findings.push({
        at: writer.invocation?.subcommandWord?.span ?? writer.command.span,
        message: 'pip keeps what it downloads and builds in this layer',
        help: 'mount a cache (--mount=type=cache,target=/root/.cache/pip), or install with --no-cache-dir',
        step,
        fix: withoutCache(build, step),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no pip install in a stage that ships' }
        : { is: 'held', evidence: evidenceAt(build, seen, 'its cache is not in the layer') },
    );
  },
});

export const docs: RuleDocs = {
  why: `pip stores each download and each wheel that it builds in \`~/.cache/pip\`, so that the next install is faster. In an image
there is no next install: the layer holds every package twice. A cache mount keeps the speed and leaves the layer clean;
without one \`--no-cache-dir\`, or \`PIP_NO_CACHE_DIR=1\` in the environment, does.`,
  examples: [
    {
      bad: 'FROM python:3.13-slim-trixie\nRUN pip «install» --no-binary docopt docopt\n',
      good: 'FROM python:3.13-slim-trixie\nRUN pip install --no-cache-dir --no-binary docopt docopt\n',
      variant: 'pip',
    },
    {
      title: 'as a module, twice',
      bad: 'FROM python:3.13-slim-trixie\nRUN python -m pip install --no-binary docopt docopt && pip3 «install» six\n',
      good: 'FROM python:3.13-slim-trixie\nRUN python -m pip install --no-cache-dir --no-binary docopt docopt && pip3 install --no-cache-dir six\n',
      variant: 'pip',
    },
    {
      title: 'another stage takes the cache',
      bad: 'FROM python:3.13-slim-trixie AS base\nRUN pip «install» --no-binary docopt docopt\nFROM base\nCOPY --from=base /root/.cache/pip /wheels\n',
      declined: 'must stay',
    },
    {
      title: 'a user without a known home',
      bad: 'FROM debian:12\nUSER app\nRUN pip «install» six\n',
      good: 'FROM debian:12\nUSER app\nRUN pip install --no-cache-dir six\n',
      variant: 'unknown-home',
    },
    {
      title: 'a cache somewhere else',
      bad: 'FROM python:3.13\nRUN pip «install» --cache-dir=/x six\n',
      declined: 'would win',
    },
    {
      title: 'a system whose pip is too old',
      bad: 'FROM ubuntu:14.04\nRUN apt-get update && apt-get install -y python-pip && pip «install» six\n',
      declined: 'older than --no-cache-dir',
    },
    {
      title: 'an image whose own pip is too old',
      bad: 'FROM python:2.7.8\nRUN pip «install» six\n',
      declined: 'older than --no-cache-dir',
    },
    {
      title: 'an old system, and a pip that is not its own',
      bad: 'FROM python:3.5.2\nRUN pip «install» six\n',
      good: 'FROM python:3.5.2\nRUN pip install --no-cache-dir six\n',
      variant: 'pip',
    },
    {
      title: 'the newest release of a system',
      bad: 'FROM debian\nRUN apt-get update && apt-get install -y python3-pip && rm -rf /var/lib/apt/lists/* && pip3 «install» --break-system-packages six\n',
      good: 'FROM debian\nRUN apt-get update && apt-get install -y python3-pip && rm -rf /var/lib/apt/lists/* && pip3 install --no-cache-dir --break-system-packages six\n',
      variant: 'pip',
    },
    { title: 'pipenv', bad: 'FROM python:3.13\nRUN pipenv «install» --system\n', declined: 'PIP_NO_CACHE_DIR' },
  ],
  silent: [
    { title: 'the option', text: 'FROM python:3.13\nRUN pip install --no-cache-dir -r requirements.txt\n', is: 'held' },
    {
      title: 'wheels from the disk',
      text: 'FROM python:3.13\nRUN --mount=type=bind,source=w,target=/mnt/w pip install --no-index /mnt/w/*.whl\n',
      is: 'held',
    },
    {
      title: 'PIP_NO_CACHE_DIR in ENV (hadolint #585)',
      text: 'FROM python:3.13\nENV PIP_NO_CACHE_DIR=1\nRUN pip install six\n',
      is: 'held',
    },
    {
      title: 'inherited through a stage',
      text: 'FROM python:3.13 AS a\nENV PIP_NO_CACHE_DIR=off\nFROM a\nRUN pip install six\n',
      is: 'held',
    },
    {
      title: 'a cache mount (hadolint #497)',
      text: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache pip install six\n',
      is: 'held',
    },
    {
      title: 'purged in the same RUN',
      text: 'FROM python:3.13\nRUN pip install six && rm -rf /root/.cache\n',
      is: 'held',
    },
    {
      title: 'a builder stage',
      text: 'FROM python:3.13 AS b\nRUN pip install six\nFROM scratch\nCOPY --from=b /a /a\n',
      is: 'not-applicable',
    },
  ],
  observed: ['pip'],
  unseen: ['unknown-home'],
};
