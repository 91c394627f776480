import type { State } from '../../language/shell/index.ts';
import {
  type Build,
  cacheDirectories,
  changesOnly,
  contains,
  isRoot,
  type Mount,
  mountFields,
  neededRuns,
  type Step,
  valueOf,
} from '../../model/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** What a directory's end says it is for, and the words by which a script may have moved it. */
const TOOLS: readonly { readonly state: State; readonly tail: RegExp; readonly moved: RegExp }[] = [
  {
    state: 'npm-cache',
    tail: /\/\.npm(?:\/_cacache)?$/,
    moved: /--cache\b|npm_config_cache|config set cache|\bHOME=/i,
  },
  { state: 'pip-cache', tail: /\/\.cache\/pip$/, moved: /--cache-dir|PIP_CACHE_DIR|XDG_CACHE_HOME|\bHOME=/ },
  { state: 'uv-cache', tail: /\/\.cache\/uv$/, moved: /--cache-dir|UV_CACHE_DIR|XDG_CACHE_HOME|\bHOME=/ },
  { state: 'poetry-cache', tail: /\/\.cache\/pypoetry$/, moved: /POETRY_CACHE_DIR|cache-dir|XDG_CACHE_HOME|\bHOME=/ },
  { state: 'go-build-cache', tail: /\/\.cache\/go-build$/, moved: /GOCACHE|XDG_CACHE_HOME|\bHOME=/ },
  { state: 'go-mod-cache', tail: /\/go\/pkg\/mod$/, moved: /GOMODCACHE|GOPATH|\bHOME=/ },
];

/** True when no other reader of the directory is plausible: the tool runs here, by name, as the step's own user. */
function certain({ commands, scripts }: Step, state: State, moved: RegExp, text: string): boolean {
  const users = commands.filter(({ invocation }) => invocation?.writes.includes(state));
  const plain = users.every(
    ({ command }) => command.wrappers.length === 0 && command.nesting.every((one) => one !== 'sh -c'),
  );
  return users.length > 0 && plain && scripts.length === 1 && scripts[0]?.partial === false && !moved.test(text);
}

function moveMount(build: Build, step: Step, mount: Mount, directory: string): Proposal | Declined {
  const user = valueOf(step.before.user);
  if (user === undefined || !isRoot(user))
    return { declined: 'for another user than root the mount needs uid and gid too: `adopt` sets them' };
  const target = mountFields(mount.flag, build.dockerfile.text).find(({ key }) => key === 'target');
  if (target?.value === undefined || build.dockerfile.text.slice(...target.span) !== target.value)
    return { declined: 'the mount is not written plainly' };
  return {
    title: `mount the cache at ${directory}`,
    variant: 'default',
    edits: [{ span: target.span, text: directory }],
    claims: [changesOnly(step, 'mounts')],
  };
}

export default defineRule({
  id: 'cache-mount-wrong-target',
  practice: 'P7',
  catalogue: ['G037'],
  level: 'warning',
  fixClass: 'S',
  summary: 'the cache is mounted where the program does not keep it',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    const { text } = build.dockerfile;
    let right: Mount | undefined;
    let doubt: Mount | undefined;
    for (const step of neededRuns(build)) {
      for (const mount of step.mounts) {
        const target = mount.target && valueOf(mount.target);
        const tool = TOOLS.find(({ tail }) => target !== undefined && tail.test(target));
        if (mount.type !== 'cache' || target === undefined || tool === undefined) continue;
        const directories = valueOf(cacheDirectories(step, tool.state));
        const [directory] = directories ?? [];
        if (directories === undefined || directory === undefined || !certain(step, tool.state, tool.moved, text)) {
          doubt ??= mount;
          continue;
        }
        if (directories.some((each) => contains(target, each) || contains(each, target))) {
          right ??= mount;
          continue;
        }
        findings.push({
          at: mount.span,
          message: `the cache is mounted at ${target}, but is kept in ${directory} here`,
          help: `mount it at ${directory}`,
          step,
          fix: moveMount(build, step, mount, directory),
        });
      }
    }
    if (findings.length === 0 && right === undefined && doubt !== undefined)
      return { is: 'unknown', because: 'where the program keeps its cache for this user is not known' };
    return found(
      findings,
      right === undefined
        ? { is: 'not-applicable', because: 'no cache mount for a program whose directory is known' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: right.span }, says: 'the program keeps its cache there' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `A cache mount that misses the directory of the program is silent: the build works, and downloads everything each time.
The directory follows the user and the environment: \`/root/.npm\` is nothing to \`USER node\`, and in the golang image modules
are in \`/go/pkg/mod\`, not in \`/root/go\`.`,
  examples: [
    {
      title: 'Go modules in the golang image',
      bad: 'FROM golang:1.25\nRUN «--mount=type=cache,target=/root/go/pkg/mod» go mod download\n',
      good: 'FROM golang:1.25\nRUN --mount=type=cache,target=/go/pkg/mod go mod download\n',
    },
    {
      title: 'another user',
      bad: 'FROM node:24\nUSER node\nRUN «--mount=type=cache,target=/root/.npm» npm ci\n',
      declined: 'uid and gid',
    },
  ],
  silent: [
    { title: 'right for root', text: 'FROM node:24\nRUN --mount=type=cache,target=/root/.npm npm ci\n', is: 'held' },
    {
      title: 'a directory above it',
      text: 'FROM python:3.13\nRUN --mount=type=cache,target=/root/.cache pip install six\n',
      is: 'not-applicable',
    },
    {
      title: 'moved by the script',
      text: 'FROM node:24\nRUN --mount=type=cache,target=/cache/.npm npm ci --cache /cache/.npm\n',
      is: 'unknown',
    },
    {
      title: 'a user of whom nothing is known',
      text: 'FROM example.org/base\nUSER app\nRUN --mount=type=cache,target=/home/app/.npm npm ci\n',
      is: 'unknown',
    },
    { title: 'no mount', text: 'FROM node:24\nRUN npm ci\n', is: 'not-applicable' },
  ],
};
