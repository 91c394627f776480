import { insertFlags, refused, removeCommand } from '../../language/edit/index.ts';
import type { State } from '../../language/shell/index.ts';
import {
  type Build,
  cacheDirectory,
  cacheSwitchedOff,
  changesOnly,
  contains,
  copyWords,
  hereOrBefore,
  homeMadeLater,
  isRoot,
  mountCovers,
  neededRuns,
  oncePer,
  oncePerName,
  onlyTells,
  type Step,
  type StepCommand,
  scriptField,
  scriptPlace,
  valueOf,
  whyNeeded,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Caches that a mount over one directory takes as a whole, and what the image does not need afterwards. */
const STATES: Readonly<Partial<Record<State, string>>> = {
  'npm-cache': 'npm',
  'pip-cache': 'pip',
  'uv-cache': 'uv',
  'poetry-cache': 'poetry',
  'pnpm-store': 'pnpm',
  'yarn-cache': 'yarn',
  'bun-cache': 'bun',
  'go-mod-cache': 'go',
  'go-build-cache': 'go',
  'cargo-registry': 'cargo',
  'composer-cache': 'composer',
  'maven-repository': 'maven',
  'gradle-cache': 'gradle',
};

/** Kept where a running program looks for it, or as several directories: no one mount is right. */
const BY_HAND: Readonly<Partial<Record<State, string>>> = {
  'yarn-cache': 'its directory depends on the version of Yarn',
  'cargo-registry': 'cargo keeps its cache in several directories',
  'maven-repository': 'a later offline run may need the repository',
  'gradle-cache': 'a later offline run may need the cache',
  'pnpm-store': 'pnpm links packages from its store only on the same file system',
};

/** Wrappers that run a program as somebody else, whose cache is another one. */
const OTHER_USER = /^(?:sudo|su|gosu|su-exec|runuser|setpriv|s6-setuidgid|chpst)$/;

const INSTALLS = /^(?:install|upgrade|download|build|run)$/;

/** Since which Go 1.x there is something to keep. */
const SINCE_GO: Readonly<Partial<Record<State, number>>> = { 'go-mod-cache': 11, 'go-build-cache': 10 };

/** The Go of this image keeps no such cache yet. */
function isTooOld({ stage }: Step, state: State): boolean {
  const image = stage?.root.kind === 'image' ? valueOf(stage.root.image) : undefined;
  const minor = /^1\.(\d+)/.exec(image?.tag ?? '')?.[1];
  return image?.familiar === 'golang' && minor !== undefined && Number(minor) < (SINCE_GO[state] ?? 0);
}

/** What the RUN does to keep the cache of npm out of its layer, which a mount makes needless. */
function cleaning({ commands }: Step, states: readonly State[]): readonly StepCommand[] {
  const clears = commands.filter(({ invocation }) => states.some((state) => invocation?.clears.includes(state)));
  const plain = clears.every(
    ({ command, invocation }) =>
      invocation?.program === 'npm' && command.nesting.length === 0 && command.wrappers.length === 0,
  );
  return plain ? clears : [];
}

function missing(step: Step): readonly State[] {
  const states = step.commands.flatMap(({ invocation }) =>
    invocation !== undefined &&
    !onlyTells(invocation) &&
    INSTALLS.test(invocation.action) &&
    invocation.program !== 'npx'
      ? invocation.writes
      : [],
  );
  return [...new Set(states)].filter(
    (state) => state in STATES && mountCovers(step, state) === undefined && !isTooOld(step, state),
  );
}

/** `CMD ["go", "run", "."]` works from the modules of the image. */
const startsGo: (build: Build) => boolean = oncePer(
  ({ target }) =>
    target?.steps.some(
      ({ instruction: { name }, argv, commands }) =>
        (name === 'CMD' || name === 'ENTRYPOINT') &&
        (argv?.[0] === 'go' || commands.some(({ command }) => command.program === 'go')),
    ) ?? false,
);

/** COPY or ADD to a directory, or to something in it; a destination that cannot be read may be it. */
function copiesInto(step: Step, directory: string): boolean {
  const copy = copyWords(step);
  if (copy === undefined) return false;
  const destination = valueOf(step.expand(copy.target));
  return destination === undefined || contains(directory, destination.replace(/\/+$/, ''));
}

/** `gosu app npm ci`, `su app -c "npm ci"`. */
function asSomebodyElse({ commands }: Step, states: readonly State[]): boolean {
  const su = commands.some(({ command }) => OTHER_USER.test(command.program ?? ''));
  return commands.some(
    ({ command, invocation }) =>
      invocation?.writes.some((state) => states.includes(state)) === true &&
      (command.wrappers.some((wrapper) => OTHER_USER.test(wrapper)) || (su && command.nesting.includes('sh -c'))),
  );
}

/** Whether files are copied to a directory by a step, or by one before it. */
const filledIn = oncePerName((_: Build, directory: string) => hereOrBefore((step) => copiesInto(step, directory)));

function mounted(build: Build, step: Step, states: readonly State[]): Proposal | Declined {
  const user = valueOf(step.before.user);
  if (user === undefined || !isRoot(user))
    return { declined: 'for another user than root the mount needs uid and gid too: `adopt` sets them' };
  if (asSomebodyElse(step, states)) return { declined: 'it runs as another user than the RUN, with another cache' };
  const { version } = build.frontend;
  if (version !== undefined && (version[0] ?? 0) === 1 && version[1] !== undefined && version[1] < 2)
    return { declined: 'the frontend of this file is older than cache mounts' };
  const runsGo = step.stage !== undefined && build.shipped.includes(step.stage) && startsGo(build);
  if (runsGo && states.some((state) => state.startsWith('go-')))
    return { declined: 'the container itself runs go, which reads the cache' };
  if (step.instruction.flags.some(({ name, value }) => name === 'network' && value === 'none'))
    return { declined: 'the RUN has no network: it lives on what the image has already' };
  const targets: string[] = [];
  for (const state of states) {
    const byHand = BY_HAND[state];
    if (byHand !== undefined) return { declined: byHand };
    const directory = valueOf(cacheDirectory(step, state));
    if (directory === undefined) return { declined: 'where the cache is kept is not known' };
    const needed = whyNeeded(build, step, state);
    if (needed !== undefined) return { declined: `the cache must stay, as ${needed}` };
    if (filledIn(build, directory)(step)) return { declined: 'files are copied to where the mount would hide them' };
    const owner = homeMadeLater(build, step, directory);
    if (owner !== undefined)
      return { declined: `the mount would make the home directory of ${owner}, as root, before useradd does` };
    targets.push(directory);
  }
  const clearing = step.commands.some(({ invocation }) => states.some((state) => invocation?.clears.includes(state)));
  for (const { invocation } of step.commands) {
    const off = cacheSwitchedOff(invocation);
    if (off !== undefined && states.includes(off.state))
      return { declined: `a command of the RUN has ${off.option.name}: remove it, or keep the cache out everywhere` };
  }
  const cleans = cleaning(step, states);
  if (clearing && cleans.length !== 1)
    return { declined: 'the RUN empties the cache itself: `adopt` replaces that by a mount' };
  const other = step.mounts.find(({ type, target }) => {
    // Without a target they lie below /run.
    if (target === undefined && (type === 'secret' || type === 'ssh')) return false;
    const there = target && valueOf(target);
    return there === undefined || targets.some((one) => contains(one, there) || contains(there, one));
  });
  if (other !== undefined) return { declined: 'another mount of the RUN lies there, or may lie there' };
  const edits = insertFlags(
    step.instruction,
    targets.map((target) => `--mount=type=cache,target=${target}`),
  );
  if (refused(edits)) return edits;
  const [clean] = cleans;
  const without = clean === undefined ? [] : removeCommand(scriptPlace(build, step), clean.command);
  if (refused(without)) return { declined: 'the RUN empties the cache itself: `adopt` replaces that by a mount' };
  return {
    title: clean === undefined ? 'mount the cache' : 'mount the cache, in the place of emptying it',
    variant: STATES[states[0] as State] ?? 'other',
    edits: [...edits, ...without],
    claims: [
      clean === undefined ? changesOnly(step, 'mounts') : changesOnly(step, 'mounts', scriptField(build, step)),
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'cache-mount-missing',
  practice: 'P7',
  catalogue: ['P7.1'],
  point: 2,
  level: 'info',
  fixClass: 'B',
  summary: 'an install downloads everything again when its layer is rebuilt',
  aliases: [],
  about: {
    written: Object.keys(STATES) as State[],
    otherwise: 'no RUN fills the cache of a language’s package manager',
  },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of neededRuns(build)) {
      const writes = step.commands.find(
        ({ invocation }) => invocation?.writes.some((state) => state in STATES) && !onlyTells(invocation),
      );
      if (writes === undefined) continue;
      seen ??= step;
      const states = missing(step);
      const [state] = states;
      if (state === undefined) continue;
      const at = step.commands.find(({ invocation }) => invocation?.writes.includes(state)) ?? writes;
      const directory = asSomebodyElse(step, states) ? undefined : valueOf(cacheDirectory(step, state));
      findings.push({
        at: at.command.span,
        message: `${STATES[state]} downloads everything again whenever this layer is rebuilt`,
        help:
          directory === undefined
            ? 'mount a cache over the directory where it keeps downloads'
            : `add --mount=type=cache,target=${directory}`,
        step,
        fix: mounted(build, step, states),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no RUN fills the cache of a language’s package manager' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'its cache is mounted' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `When one dependency changes, the layer of the install is rebuilt from nothing. With a cache mount the package manager finds
what it had before and fetches only what is new, and the cache is not part of the image. The mount must be the directory that the
program uses for this user, on every RUN that needs it: a Go module cache that only \`go mod download\` has is empty for \`go build\`.`,
  examples: [
    {
      bad: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN «npm ci»\n',
      good: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      variant: 'npm',
    },
    {
      title: 'Go: on the download and on the build',
      bad: 'FROM golang:1.25 AS build\nRUN «go mod download»\nRUN «go build -o /app .»\nFROM scratch\nCOPY --from=build /app /app\n',
      good: 'FROM golang:1.25 AS build\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\nRUN --mount=type=cache,target=/go/pkg/mod --mount=type=cache,target=/root/.cache/go-build go build -o /app .\nFROM scratch\nCOPY --from=build /app /app\n',
      variant: 'go',
    },
    {
      title: 'beside a secret that the RUN mounts already',
      bad: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc «npm ci»\n',
      good: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN --mount=type=secret,id=npmrc,target=/root/.npmrc --mount=type=cache,target=/root/.npm npm ci\n',
      variant: 'npm',
    },
    {
      title: 'another mount lies around it',
      bad: 'FROM node:24\nCOPY package.json package-lock.json ./\nRUN --mount=type=bind,source=home,target=/root «npm ci»\n',
      declined: 'another mount of the RUN',
    },
    {
      title: 'what was copied there would be hidden',
      bad: 'FROM golang:1.26\nCOPY modcache /go/pkg/mod\nRUN «go build ./...»\n',
      declined: 'would hide them',
    },
    {
      title: 'the RUN makes the home directory itself',
      bad: 'FROM node:24\nENV HOME=/home/app\nRUN useradd -m app && «npm ci»\n',
      declined: 'home directory of app',
    },
    {
      title: 'a later one does, under another name',
      bad: 'FROM python:3.13\nENV XDG_CACHE_HOME=/srv/app/.cache\nRUN «pip install six»\nRUN useradd --create-home --home-dir /srv/app app\n',
      declined: 'home directory of app',
    },
    {
      title: 'as somebody else',
      bad: 'FROM node:24\nRUN useradd -m app && «gosu app npm ci»\n',
      declined: 'another user than the RUN',
    },
    {
      title: 'by su',
      bad: 'FROM node:24\nRUN useradd app && su app -c "«npm ci»"\n',
      declined: 'another user than the RUN',
    },
    { title: 'no network', bad: 'FROM golang:1.26\nRUN --network=none «go build ./...»\n', declined: 'no network' },
    {
      title: 'one command does without on purpose',
      bad: 'FROM python:3.13\nRUN «pip install -U pip» && pip install --no-cache-dir six\n',
      declined: 'has --no-cache-dir',
    },
    { title: 'another user', bad: 'FROM node:24\nUSER node\nRUN «npm ci»\n', declined: 'uid and gid' },
    {
      title: 'cleaned in the same RUN',
      bad: 'FROM node:24\nRUN «npm ci» && npm cache clean --force\n',
      good: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n',
      variant: 'npm',
    },
    {
      title: 'emptied by hand',
      bad: 'FROM node:24\nRUN «npm ci» && rm -rf /root/.npm\n',
      declined: 'empties the cache',
    },
  ],
  silent: [
    { title: 'mounted', text: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n', is: 'held' },
    {
      title: 'mounted above',
      text: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache pip install six\n',
      is: 'held',
    },
    { title: 'no cache wanted', text: 'FROM python:3.13\nRUN pip install --no-cache-dir six\n', is: 'not-applicable' },
    {
      title: 'Go before modules and a build cache',
      text: 'FROM golang:1.9\nRUN go get -d ./x\n',
      is: 'held',
    },
    { title: 'nothing installed', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/build/cache/optimize/#use-cache-mounts'],
};
