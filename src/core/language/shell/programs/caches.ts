import type { ShellWord, State } from '../types.ts';

interface Cache {
  readonly state: State;
  /** Any of these holds all of it; `~` is any user's home. */
  readonly directories: readonly string[];
  /** Files without directories that matter: `rm DIR/*` empties it without `-r`. */
  readonly flat?: boolean;
  /** Patterns besides `*` that take all that matters in it. */
  readonly files?: readonly string[];
}

const CACHES: readonly Cache[] = [
  { state: 'apt-lists', directories: ['/var/lib/apt/lists'], flat: true },
  { state: 'apt-archives', directories: ['/var/cache/apt/archives'], flat: true, files: ['*.deb'] },
  { state: 'apk-index', directories: ['/var/cache/apk', '/etc/apk/cache'], flat: true },
  { state: 'dnf-cache', directories: ['/var/cache/dnf', '/var/cache/libdnf5'] },
  { state: 'yum-cache', directories: ['/var/cache/yum'] },
  { state: 'zypper-cache', directories: ['/var/cache/zypp'] },
  { state: 'pacman-cache', directories: ['/var/cache/pacman/pkg'], flat: true },
  { state: 'pip-cache', directories: ['~/.cache/pip'] },
  { state: 'npm-cache', directories: ['~/.npm/_cacache', '~/.npm'] },
  {
    state: 'yarn-cache',
    directories: ['/usr/local/share/.cache/yarn', '~/.cache/yarn', '~/.yarn/berry/cache', '~/.yarn-cache'],
  },
  { state: 'pnpm-store', directories: ['~/.local/share/pnpm/store', '~/.pnpm-store', '/pnpm/store'] },
  { state: 'bun-cache', directories: ['~/.bun/install/cache'] },
  { state: 'go-mod-cache', directories: ['/go/pkg/mod', '~/go/pkg/mod', '$GOPATH/pkg/mod', '$GOMODCACHE'] },
  { state: 'go-build-cache', directories: ['~/.cache/go-build', '$GOCACHE'] },
  { state: 'gem-cache', directories: ['/usr/local/bundle/cache', '~/.gem', '~/.bundle/cache', '$GEM_HOME/cache'] },
  { state: 'composer-cache', directories: ['~/.composer/cache', '~/.cache/composer', '$COMPOSER_HOME/cache'] },
  { state: 'cargo-registry', directories: ['~/.cargo/registry', '/usr/local/cargo/registry', '$CARGO_HOME/registry'] },
  { state: 'uv-cache', directories: ['~/.cache/uv', '$UV_CACHE_DIR'] },
  { state: 'poetry-cache', directories: ['~/.cache/pypoetry', '$POETRY_CACHE_DIR'] },
  {
    state: 'conda-pkgs',
    directories: [
      '/opt/conda/pkgs',
      '/opt/miniconda/pkgs',
      '/opt/miniconda3/pkgs',
      '/opt/anaconda3/pkgs',
      '~/miniconda3/pkgs',
      '~/anaconda3/pkgs',
      '~/.conda/pkgs',
      '$CONDA_DIR/pkgs',
      '$CONDA_HOME/pkgs',
      '$CONDA_PREFIX/pkgs',
    ],
  },
  { state: 'maven-repository', directories: ['~/.m2/repository'] },
  { state: 'gradle-cache', directories: ['~/.gradle/caches'] },
];

/**
 * A path with its home directory as `~` and without doubled and trailing slashes; undefined when it is not absolute or
 * holds anything but variables at its start and patterns in its last part.
 */
function normalise(word: ShellWord): string | undefined {
  let path = word.unquoted.replace(/\$\{(\w+)\}/g, '$$$1').replace(/\/+/g, '/');
  path = path.replace(/^(?:\$HOME|\/root|\/home\/[^/*?[]+)(?=\/|$)/, '~').replace(/\/\.(?=\/|$)/g, '');
  if (path.length > 1) path = path.replace(/\/$/, '');
  return /^[/~$]/.test(path) && !path.includes('..') && !path.includes('`') && !path.includes('$(') ? path : undefined;
}

function contains(outer: string, directory: string): boolean {
  return outer === directory || outer === '/' || directory.startsWith(`${outer}/`);
}

/** The paths that a word with a brace list in it stands for; other expansions stay as they are. */
function alternatives(path: string): readonly string[] {
  const match = /^([^{}]*)\{([^{}]*,[^{}]*)\}([^{}]*)$/.exec(path);
  if (match === null || match[1]?.endsWith('$')) return [path];
  return (match[2] as string).split(',').map((part) => `${match[1]}${part}${match[3]}`);
}

/**
 * The caches that deleting these paths empties. Only what goes wholly counts: `/var/lib/apt/lists/*`, the directory or one
 * above it, but not `/var/lib/apt/lists/partial`.
 * @param recursive directories go too
 */
export function cachesIn(words: readonly ShellWord[], recursive: boolean): readonly State[] {
  const emptied = new Set<State>();
  for (const word of words) {
    const whole = normalise(word);
    if (whole === undefined) continue;
    for (const path of word.expansions.includes('brace') ? alternatives(whole) : [whole]) {
      const slash = path.lastIndexOf('/');
      const last = path.slice(slash + 1);
      const parent = path.slice(0, slash) || '/';
      const pattern = /[*?[]/.test(last) ? last : undefined;
      if (/[*?[]/.test(parent)) continue;
      for (const { state, directories, flat, files } of CACHES) {
        const gone = directories.some((directory) => {
          if (pattern === undefined) return recursive && contains(path, directory);
          if (pattern === '*' || pattern === '**' || pattern === '*.*') {
            // `*` does not take hidden names: /root/* leaves /root/.npm, and `*.*` only fits lists named with dots.
            if (pattern === '*.*') return false;
            if (parent === directory) return recursive || flat === true;
            const below = directory.slice(parent === '/' ? 1 : parent.length + 1);
            return recursive && contains(parent, directory) && !below.startsWith('.');
          }
          return parent === directory && files?.includes(pattern) === true;
        });
        if (gone) emptied.add(state);
      }
    }
  }
  return [...emptied];
}
