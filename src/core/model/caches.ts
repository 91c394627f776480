import type { Invocation, State } from '../language/shell/index.ts';
import type { Fact } from '../vocabulary/index.ts';
import { given, isKnown, unknown, valueOf } from './known.ts';
import type { Mount, Step, Surroundings } from './types.ts';

/** States that have one place, whoever runs. */
const FIXED: Partial<Record<State, readonly string[]>> = {
  'apt-lists': ['/var/lib/apt/lists'],
  'apt-archives': ['/var/cache/apt'],
  // /etc/apk/cache is a link to it where apk caches on purpose (wiki.alpinelinux.org/wiki/Local_APK_cache).
  'apk-index': ['/var/cache/apk', '/etc/apk/cache'],
  'dnf-cache': ['/var/cache/dnf', '/var/cache/libdnf5'],
  'yum-cache': ['/var/cache/yum'],
  'zypper-cache': ['/var/cache/zypp'],
  'pacman-cache': ['/var/cache/pacman/pkg'],
};

interface Home {
  /** Variables that name the directory, first wins; each with what follows in it. */
  readonly variables: readonly (readonly [name: string, rest: string])[];
  /** Below the home directory. */
  readonly home: string;
  /** Follows XDG_CACHE_HOME: `home` without `.cache/`. */
  readonly xdg?: string;
}

/** States that follow the account and the environment; from each tool's documentation. */
const PER_USER: Partial<Record<State, Home>> = {
  'pip-cache': { variables: [['PIP_CACHE_DIR', '']], home: '.cache/pip', xdg: 'pip' },
  'uv-cache': { variables: [['UV_CACHE_DIR', '']], home: '.cache/uv', xdg: 'uv' },
  'poetry-cache': { variables: [['POETRY_CACHE_DIR', '']], home: '.cache/pypoetry', xdg: 'pypoetry' },
  'npm-cache': {
    variables: [
      ['npm_config_cache', ''],
      ['NPM_CONFIG_CACHE', ''],
    ],
    home: '.npm',
  },
  'pnpm-store': {
    variables: [
      ['npm_config_store_dir', ''],
      ['pnpm_config_store_dir', ''],
      ['PNPM_HOME', 'store'],
      ['XDG_DATA_HOME', 'pnpm/store'],
    ],
    home: '.local/share/pnpm/store',
  },
  'bun-cache': {
    variables: [
      ['BUN_INSTALL_CACHE_DIR', ''],
      ['BUN_INSTALL', 'install/cache'],
    ],
    home: '.bun/install/cache',
  },
  'go-mod-cache': {
    variables: [
      ['GOMODCACHE', ''],
      ['GOPATH', 'pkg/mod'],
    ],
    home: 'go/pkg/mod',
  },
  'go-build-cache': { variables: [['GOCACHE', '']], home: '.cache/go-build', xdg: 'go-build' },
  'cargo-registry': { variables: [['CARGO_HOME', 'registry']], home: '.cargo/registry' },
  'composer-cache': {
    variables: [
      ['COMPOSER_CACHE_DIR', ''],
      ['COMPOSER_HOME', 'cache'],
    ],
    home: '.composer/cache',
  },
  'maven-repository': { variables: [], home: '.m2/repository' },
  'gradle-cache': { variables: [['GRADLE_USER_HOME', 'caches']], home: '.gradle/caches' },
};

/** The home directory of the account in force; known for root, for accounts of the base table, and where HOME is set. */
export function homeDirectory(
  at: Surroundings,
  accounts: Fact<readonly { readonly name: string; readonly uid: number; readonly home?: string | null }[]>,
): Fact<string> {
  const home = at.variable('HOME');
  if (isKnown(home) && home.value !== undefined) return { ...home, value: home.value };
  const user = at.user;
  if (!isKnown(user)) return user;
  const name = user.value.replace(/:.*$/, '');
  if (isRoot(name)) return { ...user, value: '/root' };
  const account = valueOf(accounts)?.find((each) => each.name === name || String(each.uid) === name);
  return account === undefined || account.home === null
    ? unknown(`the home directory of ${name} is not known`)
    : { ...user, value: account.home ?? `/home/${account.name}` };
}

/** True for a user as USER writes it that is root: name, number, or none at all. */
export function isRoot(user: string): boolean {
  const name = user.replace(/:.*$/, '');
  return name === 'root' || name === '' || /^0+$/.test(name);
}

const below = (directory: string, rest: string): string =>
  rest === '' ? directory : `${directory.replace(/\/$/, '')}/${rest}`;

/**
 * The directories that hold a state when the step runs, most usual first: the tool's own for the account in force, or where
 * a variable of the Dockerfile or of a known image puts it; an image of which nothing is known is taken to leave such
 * variables alone. Unknown when the account's home is not known, and for states without a directory.
 */
export function cacheDirectories(step: Step, state: State): Fact<readonly string[]> {
  const fixed = FIXED[state];
  if (fixed !== undefined) return given(fixed);
  const at = step.before;
  const per = PER_USER[state];
  if (per === undefined && state !== 'yarn-cache') return unknown(`${state} has no directory of its own`);
  for (const [name, rest] of per?.variables ?? [['YARN_CACHE_FOLDER', ''] as const]) {
    const value = at.variable(name);
    if (isKnown(value) && value.value !== undefined) return { ...value, value: [below(value.value, rest)] };
    if (!isKnown(value) && at.variableStep(name) !== undefined) return value;
  }
  const xdg = at.variable('XDG_CACHE_HOME');
  if (per?.xdg !== undefined && isKnown(xdg) && xdg.value !== undefined)
    return { ...xdg, value: [below(xdg.value, per.xdg)] };
  const home = homeDirectory(at, step.stage?.image.users ?? unknown('it is in no stage'));
  if (!isKnown(home)) return home;
  if (per !== undefined) return { ...home, value: [below(home.value, per.home)] };
  // Yarn classic as root keeps its cache with the program (yarnpkg/yarn src/util/user-dirs.js); Berry in the home directory.
  const classic = home.value === '/root' ? '/usr/local/share/.cache/yarn' : below(home.value, '.cache/yarn');
  return { ...home, value: [classic, below(home.value, '.yarn/berry/cache'), below(home.value, '.cache/yarn')] };
}

/** The first of `cacheDirectories`: what a cache mount should have as its target. */
export function cacheDirectory(step: Step, state: State): Fact<string> {
  const all = cacheDirectories(step, state);
  return isKnown(all) ? { ...all, value: all.value[0] as string } : all;
}

/** The cache or tmpfs mount of the step that lies over the state's directory, so that the state never reaches a layer. */
export function mountCovers(step: Step, state: State): Mount | undefined {
  const mounts = step.mounts.filter(({ type }) => type === 'cache' || type === 'tmpfs');
  if (mounts.length === 0) return undefined;
  const directories = valueOf(cacheDirectories(step, state)) ?? [];
  return mounts.find(({ target }) => {
    const path = target === undefined ? undefined : valueOf(target);
    return path !== undefined && directories.some((directory) => contains(path, directory));
  });
}

/** True when `path` is `directory` or lies above it. */
export function contains(path: string, directory: string): boolean {
  const prefix = path.endsWith('/') ? path : `${path}/`;
  return `${directory}/`.startsWith(prefix);
}

/** Options by which a program leaves its cache alone, with the state that it then neither reads nor writes. */
const SWITCHES: Readonly<Record<string, { readonly option: string; readonly state: State }>> = {
  pip: { option: '--no-cache-dir', state: 'pip-cache' },
  uv: { option: '--no-cache', state: 'uv-cache' },
  apk: { option: '--no-cache', state: 'apk-index' },
  poetry: { option: '--no-cache', state: 'poetry-cache' },
  bun: { option: '--no-cache', state: 'bun-cache' },
};

/** The option of a command that fills a cache by which it does without, and the state it leaves alone. */
export function cacheSwitchedOff(
  invocation: Invocation | undefined,
): { readonly option: Invocation['options'][number]; readonly state: State } | undefined {
  const off = SWITCHES[invocation?.program ?? ''];
  if (invocation === undefined || off === undefined) return undefined;
  if (!/^(?:install|upgrade|download|build)$/.test(invocation.action)) return undefined;
  const option = invocation.options.find(({ name }) => name === off.option);
  return option === undefined ? undefined : { option, state: off.state };
}
