import type { State } from '../types.ts';
import { node as nodePackage } from './packages.ts';
import type { Program, Subcommand } from './table.ts';

const NPM_OPTIONS =
  '-g --global --location-global; -S --save; -D --save-dev; -P --save-prod; -O --save-optional; -B --save-bundle; -E --save-exact; --save-peer; --production --prod; --only=; --also=; --omit=; --include=; ' +
  '-f --force; --legacy-peer-deps; --strict-peer-deps; --install-links; --install-strategy=; --legacy-bundling; --global-style; --prefer-dedupe; --package-lock; --package-lock-only; --foreground-scripts; ' +
  '--ignore-scripts; --audit; --audit-level=; --bin-links; --fund; --dry-run; --prefer-offline; --prefer-online; --offline; --no-optional; --optional; --shrinkwrap; --dev; ' +
  '-w= --workspace=; --workspaces -ws; --include-workspace-root; --if-present; --script-shell=; -C= --prefix=; --cache=; --registry= --reg=; --userconfig=; --globalconfig=; --loglevel=; -s --silent; -q --quiet; -d; -dd; -ddd; ' +
  '--verbose; --progress; --color=?; --unicode; --unsafe-perm=?; --allow-root; --python=; --build-from-source=?; --target=; --target_arch=; --dist-url=; --disturl=; --runtime=; --nodedir=; --sqlite=; ' +
  '--fetch-retries=; --fetch-timeout=; --fetch-retry-mintimeout=; --fetch-retry-maxtimeout=; --fetch-retry-factor=; --maxsockets=; --network-timeout=; --timeout=; --proxy=; --https-proxy=; --noproxy=; --cafile=; --ca=; --cert=; --key=; ' +
  '--strict-ssl=?; --engine-strict; --node-version=; --tag=; --before=; --scope=; --access=; --otp=; --depth=; --json; --long -l; --parseable -p; --all -a; --cpu=; --os=; --libc=; --user=; --group=; --umask=; ' +
  '--cache-min=; --cache-max=; --send-metrics; --update-notifier; --jobs=; --location= -L=; --yes -y; --package=; --call=; --expect-results; --diff=; --sharp=; --no-save; --no-audit; --no-fund; --no-progress; --no-package-lock; --no-bin-links; -h --help; -v --version; --replace-registry-host=; --node-options=; --ignore-engines';

function npmFamily(cache: State): Record<'install' | 'remove' | 'upgrade' | 'run' | 'query', Subcommand> {
  return {
    install: { action: 'install', writes: [cache, 'files'], packages: nodePackage },
    upgrade: { action: 'upgrade', writes: [cache, 'files'], packages: nodePackage },
    remove: { action: 'remove', writes: ['files'], packages: nodePackage },
    run: { action: 'run' },
    query: { action: 'query' },
  };
}

const npmOf = npmFamily('npm-cache');
const clean: Subcommand = { action: 'install', writes: ['npm-cache', 'files'] };
const npmCacheClean: Subcommand = { action: 'clean', clears: ['npm-cache'] };

export const npm: Program = {
  name: 'npm',
  syntax: { order: 'anywhere', short: 'clusters', negatable: true, shortEquals: true },
  options: NPM_OPTIONS,
  urls: ['--registry'],
  subcommands: {
    install: npmOf.install,
    i: npmOf.install,
    in: npmOf.install,
    add: npmOf.install,
    isntall: npmOf.install,
    ci: clean,
    'clean-install': clean,
    'install-clean': clean,
    cit: clean,
    'install-ci-test': clean,
    it: npmOf.install,
    'install-test': npmOf.install,
    update: npmOf.upgrade,
    up: npmOf.upgrade,
    upgrade: npmOf.upgrade,
    uninstall: npmOf.remove,
    remove: npmOf.remove,
    rm: npmOf.remove,
    un: npmOf.remove,
    prune: { action: 'remove', writes: ['files'] },
    dedupe: { action: 'other', writes: ['npm-cache', 'files'] },
    rebuild: { action: 'build', writes: ['files'], packages: nodePackage },
    run: npmOf.run,
    'run-script': npmOf.run,
    start: npmOf.run,
    stop: npmOf.run,
    restart: npmOf.run,
    test: { action: 'test' },
    t: { action: 'test' },
    exec: { action: 'run', writes: ['npm-cache'] },
    x: { action: 'run', writes: ['npm-cache'] },
    init: { action: 'other', writes: ['files'] },
    create: { action: 'run', writes: ['npm-cache', 'files'] },
    link: { action: 'install', writes: ['npm-cache', 'files'], packages: nodePackage },
    pack: {
      action: 'build',
      options: '--pack-destination=',
      outputs: { options: ['--pack-destination'] },
      writes: ['files'],
    },
    cache: {
      action: 'other',
      subcommands: {
        clean: npmCacheClean,
        clear: npmCacheClean,
        rm: npmCacheClean,
        verify: { action: 'clean' },
        add: { action: 'download', writes: ['npm-cache'] },
        ls: { action: 'query' },
      },
    },
    config: { action: 'other', writes: ['files'] },
    set: { action: 'other', writes: ['files'] },
    c: { action: 'other', writes: ['files'] },
    get: npmOf.query,
    audit: {
      action: 'query',
      writes: ['npm-cache'],
      subcommands: { fix: { action: 'upgrade', writes: ['npm-cache', 'files'] } },
    },
    login: { action: 'other', writes: ['files'] },
    publish: { action: 'other' },
    version: { action: 'other' },
    pkg: { action: 'other', writes: ['files'] },
    ls: npmOf.query,
    list: npmOf.query,
    view: npmOf.query,
    info: npmOf.query,
    outdated: npmOf.query,
    root: npmOf.query,
    bin: npmOf.query,
    prefix: npmOf.query,
    doctor: npmOf.query,
    ping: npmOf.query,
  },
};

export const npx: Program = {
  name: 'npx',
  syntax: { order: 'first', short: 'clusters', negatable: true },
  options:
    '-p= --package=; -c= --call=; -y --yes; -q --quiet; --ignore-existing; --no-install; --prefer-offline; --cache=; --registry=; --npm=; -n= --node-arg=; --userconfig=; -w= --workspace=; --workspaces; --shell=',
  action: 'run',
  writes: ['npm-cache'],
};

const pnpmOf = npmFamily('pnpm-store');

export const pnpm: Program = {
  name: 'pnpm',
  syntax: { order: 'anywhere', short: 'clusters', negatable: true },
  options:
    '-C= --dir=; -w --workspace-root; -r --recursive; --filter= -F=; --filter-prod=; --stream; --aggregate-output; --workspace-concurrency=; --parallel; --sort; --reporter=; -s --silent; --loglevel=; --color; ' +
    '--frozen-lockfile=?; --prefer-frozen-lockfile; --lockfile-only; --fix-lockfile; --offline; --prefer-offline; -P --prod --production; -D --dev --save-dev; --save-prod; --save-exact -E; -O --save-optional; --save-peer; --no-optional; --optional; ' +
    '-g --global; --global-dir=; --ignore-scripts; --shamefully-hoist=?; --node-linker=; --hoist; --public-hoist-pattern=; --hoist-pattern=; --store-dir=; --virtual-store-dir=; --modules-dir=; --lockfile-dir=; --registry=; --force; ' +
    '--strict-peer-dependencies=?; --unsafe-perm; --child-concurrency=; --network-concurrency=; --side-effects-cache; --package-import-method=; --use-store-server; --config.store-dir=; --if-present; --resume-from=; --report-summary; --ignore-pnpmfile; --legacy; --latest -L; --workspace; --allow-build=; --dangerously-allow-all-builds; --yes -y; --ignore-workspace; --merge-git-branch-lockfiles; --use-node-version=; --config.ignore-scripts=?; --no-bail; --bail; -h --help; -v --version; --depth=; --package=; -c --shell-mode; --fetch-timeout=; --fetch-retries=; --dry-run; --no-save; --json; --config.confirmModulesPurge=?; --trust-policy=',
  urls: ['--registry'],
  otherwise: { action: 'run' },
  subcommands: {
    install: { action: 'install', writes: ['pnpm-store', 'files'], packages: nodePackage },
    i: { action: 'install', writes: ['pnpm-store', 'files'], packages: nodePackage },
    ci: { action: 'install', writes: ['pnpm-store', 'files'] },
    add: pnpmOf.install,
    fetch: { action: 'download', writes: ['pnpm-store'] },
    update: pnpmOf.upgrade,
    up: pnpmOf.upgrade,
    upgrade: pnpmOf.upgrade,
    remove: pnpmOf.remove,
    rm: pnpmOf.remove,
    uninstall: pnpmOf.remove,
    un: pnpmOf.remove,
    prune: { action: 'remove', writes: ['files'] },
    rebuild: { action: 'build', writes: ['files'] },
    deploy: { action: 'install', writes: ['pnpm-store', 'files'], outputs: { operands: 'all' } },
    dlx: { action: 'run', order: 'first', writes: ['pnpm-store'] },
    create: { action: 'run', writes: ['pnpm-store', 'files'] },
    run: pnpmOf.run,
    exec: { action: 'run', order: 'first' },
    start: pnpmOf.run,
    build: { action: 'build', writes: ['files'] },
    test: { action: 'test' },
    // Packages that a project refers to stay in the store.
    store: {
      action: 'other',
      subcommands: {
        prune: { action: 'clean' },
        add: { action: 'download', writes: ['pnpm-store'] },
        path: { action: 'query' },
        status: { action: 'query' },
      },
    },
    config: { action: 'other', writes: ['files'] },
    set: { action: 'other', writes: ['files'] },
    get: { action: 'query' },
    setup: { action: 'other', writes: ['files'] },
    env: {
      action: 'other',
      subcommands: {
        use: { action: 'install', writes: ['files'] },
        add: { action: 'install', writes: ['files'] },
        remove: { action: 'remove' },
      },
    },
    pack: { action: 'build', options: '--pack-destination=; --out=', writes: ['files'] },
    list: { action: 'query' },
    ls: { action: 'query' },
    audit: { action: 'query' },
    why: { action: 'query' },
    outdated: { action: 'query' },
    root: { action: 'query' },
    bin: { action: 'query' },
    server: { action: 'other' },
    import: { action: 'other', writes: ['files'] },
    patch: { action: 'other' },
    link: { action: 'install', writes: ['files'] },
    approve: { action: 'other' },
    'self-update': { action: 'upgrade', writes: ['files'] },
  },
};

const yarnOf = npmFamily('yarn-cache');
const yarnInstall: Subcommand = { action: 'install', writes: ['yarn-cache', 'files'] };

/** Yarn 1 and Berry in one table; `yarn` alone installs. */
export const yarn: Program = {
  name: 'yarn',
  syntax: { order: 'anywhere', short: 'clusters', negatable: true },
  options:
    '--cwd=; --frozen-lockfile=?; --pure-lockfile; --immutable; --immutable-cache; --inline-builds; --check-cache; --check-files; --check-resolutions; --mode=; --refresh-lockfile; --production=? --prod=?; --offline; --prefer-offline; ' +
    '--ignore-scripts; --ignore-engines; --ignore-optional; --ignore-platform; --network-timeout=; --network-concurrency=; --non-interactive; --no-progress; --progress=?; --silent -s; --verbose; --json; --force; --flat; --har; ' +
    '--cache-folder=; --global-folder=; --modules-folder=; --preferred-cache-folder=; --registry=; --prefix=; --link-folder=; --link-duplicates; --mutex=; --emoji=?; --proxy=; --https-proxy=; --audit; --no-lockfile; --lockfile; --bin-links; --no-bin-links; ' +
    '--skip-integrity-check; --strict-semver; --update-checksums; --use-yarnrc=; --no-default-rc; --default-rc; --scripts-prepend-node-path=?; --no-node-version-check; --node-version-check; --otp=; --enable-pnp; --disable-pnp; --focus; --ignore-workspace-root-check -W; ' +
    '-D --dev; -P --peer; -O --optional; -E --exact; -T --tilde; -C --caret; -A --all; -R --recursive; -i --interactive; -p --parallel; -v --version; -t --topological; --topological-dev; --from=; --include=; --exclude=; --since=?; --jobs= -j=; --pattern=; --latest -L; --mirror; --cached; --build-from-source; --no-cache; -h --help; --install=; --yarn-path; --only=; --top-level; -H --home; --check; --why; --quiet -q',
  ...yarnInstall,
  urls: ['--registry'],
  otherwise: { action: 'run' },
  subcommands: {
    install: yarnInstall,
    add: yarnOf.install,
    remove: yarnOf.remove,
    upgrade: yarnOf.upgrade,
    'upgrade-interactive': yarnOf.upgrade,
    up: yarnOf.upgrade,
    global: {
      action: 'other',
      subcommands: {
        add: yarnOf.install,
        remove: yarnOf.remove,
        upgrade: yarnOf.upgrade,
        bin: { action: 'query' },
        list: { action: 'query' },
        dir: { action: 'query' },
      },
    },
    workspace: { action: 'run' },
    workspaces: {
      action: 'other',
      subcommands: {
        focus: yarnInstall,
        foreach: { action: 'run' },
        run: { action: 'run' },
        info: { action: 'query' },
        list: { action: 'query' },
      },
    },
    cache: {
      action: 'other',
      subcommands: {
        clean: {
          action: 'clean',
          refine: (call) => ({ clears: call.operands.length === 0 && !call.has('--pattern') ? ['yarn-cache'] : [] }),
        },
        clear: { action: 'clean', clears: ['yarn-cache'] },
        dir: { action: 'query' },
        list: { action: 'query' },
      },
    },
    run: { action: 'run' },
    exec: { action: 'run', order: 'first' },
    start: { action: 'run' },
    node: { action: 'run', order: 'first' },
    build: { action: 'build', writes: ['files'] },
    test: { action: 'test' },
    dlx: { action: 'run', order: 'first', writes: ['yarn-cache'] },
    create: { action: 'run', writes: ['yarn-cache', 'files'] },
    config: { action: 'other', writes: ['files'] },
    set: { action: 'other', writes: ['files'] },
    plugin: { action: 'other', writes: ['files'] },
    init: { action: 'other', writes: ['files'] },
    link: { action: 'other', writes: ['files'] },
    unlink: { action: 'other' },
    policies: { action: 'other', writes: ['files'] },
    autoclean: { action: 'other', writes: ['files'] },
    pack: { action: 'build', options: '-f= --filename= -o= --out=', writes: ['files'] },
    rebuild: { action: 'build', writes: ['files'] },
    list: { action: 'query' },
    info: { action: 'query' },
    audit: { action: 'query' },
    why: { action: 'query' },
    bin: { action: 'query' },
    check: { action: 'query' },
    versions: { action: 'query' },
    outdated: { action: 'query' },
    version: { action: 'query' },
    login: { action: 'other' },
    publish: { action: 'other' },
    dedupe: { action: 'other', writes: ['files'] },
    npm: { action: 'other' },
  },
};

const bunOf = npmFamily('bun-cache');

export const bun: Program = {
  name: 'bun',
  options:
    '-c= --config=; -y --yarn; -p --production; --no-save; --save; --ca=; --cafile=; --dry-run; --frozen-lockfile; -f --force; --cache-dir=; --no-cache; --silent; --quiet; --verbose; --no-progress; --no-summary; --no-verify; --ignore-scripts; --trust; -g --global; --cwd=; ' +
    '--backend=; --registry=; --concurrent-scripts=; --network-concurrency=; --save-text-lockfile; --omit=; --lockfile-only; --linker=; -d --dev; --development; --optional; --peer; -E --exact; --filter= -F=; -a --analyze; --only-missing; --outdir=; --outfile=; --target=; --minify; --sourcemap=?; --compile; -e= --eval=; --watch; --hot; --smol; -b --bun; -r= --preload=; --env-file=; -h --help; -v --version; --external=; --entrypoints; --splitting; --format=; --define=; --minify-syntax; --minify-whitespace; --minify-identifiers; --bytecode; --if-present; --no-install; --cpu=; --os=; --no-optional',
  subcommands: {
    install: { ...bunOf.install, refine: (call) => (call.has('--no-cache') ? { writes: ['files'] } : {}) },
    i: bunOf.install,
    ci: { action: 'install', writes: ['bun-cache', 'files'] },
    add: bunOf.install,
    a: bunOf.install,
    remove: bunOf.remove,
    rm: bunOf.remove,
    update: bunOf.upgrade,
    run: { action: 'run' },
    x: { action: 'run', writes: ['bun-cache'] },
    create: { action: 'run', writes: ['bun-cache', 'files'] },
    build: { action: 'build', writes: ['files'], outputs: { options: ['--outdir', '--outfile'] } },
    test: { action: 'test' },
    upgrade: { action: 'upgrade', writes: ['files'] },
    pm: {
      action: 'other',
      subcommands: {
        cache: { action: 'other', subcommands: { rm: { action: 'clean', clears: ['bun-cache'] } } },
        ls: { action: 'query' },
        bin: { action: 'query' },
        trust: { action: 'other' },
      },
    },
    link: { action: 'other' },
    init: { action: 'other', writes: ['files'] },
    outdated: { action: 'query' },
    exec: { action: 'run' },
  },
};

export const bunx: Program = {
  name: 'bunx',
  syntax: { order: 'first', short: 'clusters' },
  options: '--bun; -p= --package=; --silent; --verbose; --no-install',
  action: 'run',
  writes: ['bun-cache'],
};

export const corepack: Program = {
  name: 'corepack',
  options: '--install-directory=; -g --global; -a --all; --activate; --json; -o= --output=?; --cache-only; -h --help',
  action: 'other',
  subcommands: {
    enable: { action: 'other', writes: ['files'] },
    disable: { action: 'other', writes: ['files'] },
    prepare: { action: 'install', writes: ['files'], packages: nodePackage },
    install: { action: 'install', writes: ['files'], packages: nodePackage },
    use: { action: 'install', writes: ['files'], packages: nodePackage },
    up: { action: 'upgrade', writes: ['files'] },
    pack: { action: 'download', writes: ['files'], packages: nodePackage },
    hydrate: { action: 'install', writes: ['files'] },
    cache: { action: 'other' },
  },
};

/** Options that take a value as the next word; all else may be given with `=` (node(1)). The script ends them. */
export const node: Program = {
  name: 'node',
  syntax: { order: 'first', short: 'clusters' },
  options:
    '-v --version; -h --help; -e= --eval=; -p= --print=; -c --check; -i --interactive; -r= --require=; --import=; --loader= --experimental-loader=; --env-file=; --env-file-if-exists=; --inspect=?; --inspect-brk=?; --max-old-space-size=?; --max_old_space_size=?; ' +
    '--max-http-header-size=?; --no-warnings; --no-deprecation; --trace-warnings; --trace-deprecation; --unhandled-rejections=?; --experimental-modules; --es-module-specifier-resolution=?; --experimental-specifier-resolution=?; --enable-source-maps; --expose-gc; --expose_gc; --harmony; --preserve-symlinks; --title=?; --conditions= -C=; --input-type=?; --icu-data-dir=?; --use-openssl-ca; --openssl-legacy-provider; --test; --watch; --run=; --dns-result-order=?; --optimize-for-size; --gc-interval=?; --nouse-idle-notification; --heapsnapshot-signal=?; --report-on-fatalerror; --stack-size=?; --use_strict; --experimental-json-modules; --experimental-strip-types; --disable-proto=?',
  action: 'run',
};
