import type { Package, ShellWord, State } from '../types.ts';
import { plain, python as pythonPackage } from './packages.ts';
import type { Call, Effects, Program, Subcommand } from './table.ts';

/** Packages that an install names by options: requirement files and editable paths; constraints are none. */
function byOption(call: Call): Package[] {
  const found: Package[] = [];
  for (const { name, value } of call.options) {
    if (value === undefined) continue;
    if (name === '--requirement' || name === '--requirements') {
      found.push({ name: value.unquoted, version: undefined, source: 'requirements', word: value });
    }
    if (name === '--editable') found.push(...editable(value));
  }
  return found;
}

function editable(value: ShellWord): Package[] {
  const read = pythonPackage(value);
  return read === undefined ? [] : [read.source === 'registry' ? { ...read, source: 'file' } : read];
}

function named(call: Call): Package[] {
  return [...call.operands.filter(isStatic).flatMap((word) => pythonPackage(word) ?? []), ...byOption(call)];
}

/** A word that is nothing but a variable names no package that we know. */
function isStatic(word: ShellWord): boolean {
  return word.prefix !== '' || word.value !== undefined;
}

/**
 * pip takes any value of PIP_NO_CACHE_DIR, `0` and `false` too, for "no cache" (pip's cmdoptions, `_handle_no_cache_dir`).
 */
function pipCache(call: Call, ...others: State[]): readonly State[] {
  // Wheels from the disk are neither downloaded nor built.
  const local =
    call.has('--no-index') &&
    !call.has('--requirement') &&
    call.operands.length > 0 &&
    call.operands.every(({ unquoted }) => unquoted.endsWith('.whl'));
  const off = local || call.has('--no-cache-dir') || Boolean(call.env('PIP_NO_CACHE_DIR'));
  return off ? others : [...others, 'pip-cache'];
}

function uvCache(call: Call, ...others: State[]): readonly State[] {
  const off = call.has('--no-cache') || /^(?:1|true|t|y|yes|on)$/i.test(call.env('UV_NO_CACHE') ?? '');
  return off ? others : [...others, 'uv-cache'];
}

const INDEX_OPTIONS =
  '-i= --index-url= --pypi-url=; --extra-index-url=; --no-index; -f= --find-links=; --pre; --prefer-binary; --no-binary=; --only-binary=; --require-hashes; ' +
  '-c= --constraint=; -r= --requirement=; -e= --editable=; --no-deps; --platform=; --python-version=; --implementation=; --abi=; --no-build-isolation; ' +
  '--use-pep517; --no-use-pep517; --check-build-dependencies; --config-settings= -C=; --global-option=; --progress-bar=; --no-clean; --ignore-requires-python; ' +
  '--build-option=; --build= --build-dir= -b=; --src= --source= --source-dir=; --process-dependency-links; --build-constraint=; --group=; --uploaded-prior-to=';

export const pip: Program = {
  name: 'pip',
  options:
    '-h --help; --debug; --isolated; --require-virtualenv; --python=; -v --verbose; -V --version; -q --quiet; --log=; --no-input; --keyring-provider=; --proxy=; ' +
    '--retries=; --timeout= --default-timeout=; --exists-action=; --trusted-host=; --cert=; --client-cert=; --cache-dir=; --no-cache-dir --no-cache; ' +
    '--disable-pip-version-check; --no-color; --no-python-version-warning; --use-feature=; --use-deprecated=; --resume-retries=; --allow-external=; --allow-unverified=; --allow-all-external',
  subcommands: {
    install: {
      action: 'install',
      options: `${INDEX_OPTIONS}; -t= --target=; --user; --no-user; --root=; --prefix=; -U --upgrade; --upgrade-strategy=; --force-reinstall; -I --ignore-installed; --compile; --no-compile; --no-warn-script-location; --no-warn-conflicts; --break-system-packages; --root-user-action=; --dry-run; --report=; --install-option=; --egg; -d= --download=`,
      outputs: { options: ['--target', '--root', '--prefix'] },
      urls: ['--index-url', '--extra-index-url'],
      refine: (call) => ({ packages: named(call), writes: pipCache(call, 'files') }),
    },
    download: {
      action: 'download',
      options: `${INDEX_OPTIONS}; -d= --dest= --destination-dir=`,
      outputs: { options: ['--dest'] },
      refine: (call) => ({ packages: named(call), writes: pipCache(call, 'files') }),
    },
    wheel: {
      action: 'build',
      options: `${INDEX_OPTIONS}; -w= --wheel-dir=; --no-verify`,
      outputs: { options: ['--wheel-dir'] },
      refine: (call) => ({ packages: named(call), writes: pipCache(call, 'files') }),
    },
    uninstall: {
      action: 'remove',
      options: '-y --yes; -r= --requirement=; --break-system-packages; --root-user-action=',
      writes: ['files'],
      packages: pythonPackage,
    },
    cache: {
      action: 'other',
      subcommands: {
        purge: { action: 'clean', clears: ['pip-cache'] },
        dir: { action: 'query' },
        info: { action: 'query' },
        list: { action: 'query' },
        remove: { action: 'clean' },
      },
    },
    check: { action: 'query' },
    config: { action: 'other', options: '--global; --user; --site; --editor=' },
    freeze: {
      action: 'query',
      options: '-r= --requirement=; -l --local; --user; --path=; --all; --exclude-editable; --exclude=',
    },
    list: {
      action: 'query',
      options:
        '-o --outdated; -u --uptodate; -e --editable; -l --local; --user; --path=; --pre; --format=; --not-required; --exclude=',
    },
    show: { action: 'query', options: '-f --files' },
    debug: { action: 'query' },
    hash: { action: 'query' },
    inspect: { action: 'query' },
  },
};

const UV_SHARED =
  '-q --quiet; -v --verbose; --color=; --native-tls; --offline; --allow-insecure-host= --trusted-host=; --no-progress; --directory=; --project=; --config-file=; --no-config; ' +
  '-n --no-cache --no-cache-dir; --cache-dir=; --managed-python; --no-managed-python; --no-python-downloads; --python-preference=; --python-fetch=; -h --help; -V --version; --system-certs';
const UV_RESOLVE =
  '--index=; --default-index=; -i= --index-url=; --extra-index-url=; -f= --find-links=; --no-index; --index-strategy=; --keyring-provider=; --resolution=; --prerelease=; --pre; --fork-strategy=; ' +
  '--exclude-newer=; -U --upgrade; -P= --upgrade-package=; --reinstall --force-reinstall; --reinstall-package=; --link-mode=; --compile-bytecode --compile; --no-sources; -C= --config-setting=; ' +
  '--no-build-isolation; --no-build-isolation-package=; --no-build; --no-build-package=; --no-binary=; --no-binary-package=; --only-binary=; --refresh; --refresh-package=; -p= --python=; ' +
  '--python-platform=; --python-version=; --exclude-newer-package=; --no-sources-package=; --torch-backend=';
const UV_PROJECT =
  '--extra=; --all-extras; --no-extra=; --no-dev; --only-dev; --dev; --group=; --no-group=; --no-default-groups; --only-group=; --all-groups; --no-editable; --inexact; --exact; --active; ' +
  '--no-install-project; --no-install-workspace; --no-install-package=; --no-install-local; --locked; --frozen; --dry-run; --all-packages; --package=; --script=; --check; --output-format=; --only-install-project';

const uvInstall: Subcommand = {
  action: 'install',
  options: `${UV_RESOLVE}; -r= --requirements= --requirement=; -e= --editable=; -c= --constraints= --constraint=; --overrides= --override=; -b= --build-constraints=; --extra=; --all-extras; --no-deps; --require-hashes; --no-verify-hashes; --system; --no-system; --break-system-packages; --target= -t=; --prefix=; --strict; --dry-run; --user; --group=; --excludes=; --exact; --inexact; --allow-empty-requirements`,
  outputs: { options: ['--target', '--prefix'] },
  refine: (call) => ({ packages: named(call), writes: uvCache(call, 'files') }),
};
const uvProject: Subcommand = {
  action: 'install',
  options: `${UV_RESOLVE}; ${UV_PROJECT}`,
  refine: (call) => ({ writes: uvCache(call, 'files') }),
};

export const uv: Program = {
  name: 'uv',
  options: UV_SHARED,
  subcommands: {
    sync: uvProject,
    add: {
      ...uvProject,
      options: `${UV_RESOLVE}; ${UV_PROJECT}; -r= --requirements= --requirement=; -e --editable; -c= --constraints=; -m= --marker=; --optional=; --raw; --rev=; --tag=; --branch=; --no-sync; --bounds=; --workspace; --no-workspace`,
      packages: pythonPackage,
    },
    remove: { ...uvProject, action: 'remove', packages: pythonPackage },
    lock: { ...uvProject, action: 'other' },
    export: {
      ...uvProject,
      action: 'other',
      options: `${UV_RESOLVE}; ${UV_PROJECT}; --format=; -o= --output-file=; --no-hashes; --no-emit-project; --no-emit-workspace; --no-emit-package=; --no-header; --no-annotate; --prune=`,
      outputs: { options: ['--output-file'] },
    },
    run: {
      action: 'run',
      options: `${UV_RESOLVE}; ${UV_PROJECT}; -m= --module=; -s; --gui-script; --with=; --with-editable=; --with-requirements=; --isolated; --no-sync; --no-project; --env-file=; --no-env-file`,
      refine: (call) => ({ writes: uvCache(call, 'files') }),
    },
    build: {
      action: 'build',
      options: `${UV_RESOLVE}; -o= --out-dir=; --sdist; --wheel; --package=; --all-packages; --list; --clear; --no-build-logs`,
      outputs: { options: ['--out-dir'] },
      refine: (call) => ({ writes: uvCache(call, 'files') }),
    },
    venv: {
      action: 'other',
      options:
        '-p= --python=; --system-site-packages; --seed; --prompt=; --allow-existing; --relocatable; --no-project; -c --clear',
      writes: ['files'],
      outputs: { operands: 'all' },
    },
    pip: {
      action: 'other',
      subcommands: {
        install: uvInstall,
        sync: {
          ...uvInstall,
          refine: (call) => ({
            packages: call.operands.map((word) => ({
              name: word.unquoted,
              version: undefined,
              source: 'requirements' as const,
              word,
            })),
            writes: uvCache(call, 'files'),
          }),
        },
        uninstall: {
          action: 'remove',
          options: '-r= --requirements=; --system; --break-system-packages; -p= --python=',
          packages: pythonPackage,
          writes: ['files'],
        },
        compile: {
          action: 'other',
          options: `${UV_RESOLVE}; -o= --output-file=; --generate-hashes; --universal; --extra=; --all-extras; -c= --constraints=; --no-deps; --no-header; --no-annotate; --group=`,
          outputs: { options: ['--output-file'] },
          refine: (call) => ({ writes: uvCache(call) }),
        },
        freeze: { action: 'query' },
        list: { action: 'query' },
        show: { action: 'query' },
        check: { action: 'query' },
        tree: { action: 'query' },
      },
    },
    tool: {
      action: 'other',
      subcommands: {
        install: {
          action: 'install',
          options: `${UV_RESOLVE}; --with=; --with-requirements=; --with-executables-from=; --force; -e --editable`,
          packages: pythonPackage,
          refine: (call) => ({ writes: uvCache(call, 'files') }),
        },
        run: {
          action: 'run',
          options: `${UV_RESOLVE}; --from=; --with=`,
          refine: (call) => ({ writes: uvCache(call, 'files') }),
        },
      },
    },
    python: {
      action: 'other',
      subcommands: {
        install: {
          action: 'install',
          options: '-i= --install-dir=; --mirror=; --default; -r --reinstall; -f --force',
          packages: plain,
          writes: ['files'],
        },
      },
    },
    cache: {
      action: 'other',
      subcommands: {
        clean: { action: 'clean', refine: (call) => ({ clears: call.operands.length === 0 ? ['uv-cache'] : [] }) },
        prune: { action: 'clean', options: '--ci; --force' },
        dir: { action: 'query' },
      },
    },
    version: { action: 'query' },
  },
};

const poetryInstall: Subcommand = {
  action: 'install',
  options:
    '--without=; --with=; --only=; --no-dev; --dev-only; --only-root; --sync; --no-root; --no-directory; --dry-run; --remove-untracked; -E= --extras=; --all-extras; --all-groups; --compile; --default; --no-compile',
  refine: (call): Effects => ({ writes: call.has('--no-cache') ? ['files'] : ['poetry-cache', 'files'] }),
};

export const poetry: Program = {
  name: 'poetry',
  options:
    '-h --help; -q --quiet; -V --version; --ansi; --no-ansi; -n --no-interaction; --no-plugins; --no-cache; -P= --project=; -C= --directory=; -v --verbose; -vv; -vvv',
  subcommands: {
    install: poetryInstall,
    sync: poetryInstall,
    update: {
      ...poetryInstall,
      action: 'upgrade',
      options: '--without=; --with=; --only=; --no-dev; --dry-run; --lock; --sync',
      packages: pythonPackage,
    },
    add: {
      ...poetryInstall,
      options:
        '-G= --group=; -D --dev; -e --editable; -E= --extras=; --optional=?; --python=; --platform=; --markers=; --source=; --allow-prereleases; --dry-run; --lock',
      packages: pythonPackage,
    },
    remove: {
      action: 'remove',
      options: '-G= --group=; -D --dev; --dry-run; --lock',
      packages: pythonPackage,
      writes: ['files'],
    },
    lock: { action: 'other', options: '--no-update; --regenerate; --check', writes: ['poetry-cache'] },
    export: {
      action: 'other',
      options:
        '-f= --format=; -o= --output=; --without-hashes; --without-urls; --dev; --without=; --with=; --only=; -E= --extras=; --all-extras; --with-credentials; --all-groups',
      outputs: { options: ['--output'] },
    },
    build: {
      action: 'build',
      options: '-f= --format=; -o= --output=; --clean; --local-version=',
      outputs: { options: ['--output'] },
      writes: ['files'],
    },
    run: { action: 'run', order: 'first' },
    config: { action: 'other', options: '--list; --unset; --local; --migrate' },
    cache: {
      action: 'other',
      subcommands: {
        clear: {
          action: 'clean',
          options: '--all',
          refine: (call) => ({ clears: call.has('--all') ? ['poetry-cache'] : [] }),
        },
        list: { action: 'query' },
      },
    },
    env: { action: 'other' },
    self: { action: 'other' },
    check: { action: 'query' },
    show: { action: 'query' },
    version: { action: 'query' },
  },
};

const PIPENV_OPTIONS =
  '--where; --venv; --py; --envs; --rm; --bare; --man; --support; --site-packages; --no-site-packages; --python=; --three; --two; --clear; -q --quiet; -v --verbose; --pypi-mirror=; --version; -h --help';
const pipenvInstall: Subcommand = {
  action: 'install',
  options:
    '--system; -c= --code=; --deploy; --site-packages; --skip-lock; -e= --editable=; --ignore-pipfile; --selective-upgrade; -r= --requirements=; --extra-pip-args=; -i= --index=; --categories=; -d --dev; --keep-outdated; --pre; --sequential; --dev-only; --pypi-mirror=; --clear',
  refine: (call) => ({ packages: named(call), writes: pipCache(call, 'files') }),
};

export const pipenv: Program = {
  name: 'pipenv',
  options: PIPENV_OPTIONS,
  subcommands: {
    install: pipenvInstall,
    sync: pipenvInstall,
    update: { ...pipenvInstall, action: 'upgrade' },
    upgrade: { ...pipenvInstall, action: 'upgrade' },
    uninstall: {
      action: 'remove',
      options: '--all; --all-dev; --skip-lock; --system',
      packages: pythonPackage,
      writes: ['files'],
    },
    lock: {
      action: 'other',
      options: '-r --requirements; -d --dev; --pre; --keep-outdated; --categories=; --dev-only; --sequential',
      writes: ['pip-cache'],
    },
    requirements: { action: 'query', options: '--dev; --dev-only; --hash; --exclude-markers; --categories=' },
    run: { action: 'run', order: 'first' },
    shell: { action: 'run' },
    clean: { action: 'remove' },
    check: { action: 'query' },
    graph: { action: 'query' },
    verify: { action: 'query' },
  },
};

/** `-c` and `-m` end the options (python(1)); the modules that have a table of their own are read by it. */
export const python: Program = {
  name: 'python',
  syntax: { order: 'first', short: 'clusters' },
  options:
    '-b; -B; -d; -E; -h; -i; -I; -O; -OO; -P; -q; -s; -S; -t; -u; -v; -V --version; -W=; -X=; -x; -c=!; -m=!; --check-hash-based-pycs=; --help',
  action: 'run',
};
