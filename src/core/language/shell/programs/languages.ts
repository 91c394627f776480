import { crate, gem as gemPackage, goModule } from './packages.ts';
import type { Program, Subcommand } from './table.ts';

const GO_BUILD =
  '-C=; -a; -n; -p=; -race; -msan; -asan; -cover; -covermode=; -coverpkg=; -v; -work; -x; -asmflags=; -buildmode=; -buildvcs=?; -compiler=; -gccgoflags=; -gcflags=; -installsuffix=; -json; -ldflags=; -linkshared; -mod=; -modcacherw; -modfile=; -overlay=; -pgo=; -pkgdir=; -tags=; -trimpath; -toolexec=; -i';
const goBuild: Subcommand = {
  action: 'build',
  options: `${GO_BUILD}; -o=`,
  writes: ['go-mod-cache', 'go-build-cache', 'files'],
  outputs: { options: ['-o'] },
};
const goFetch: Subcommand = { action: 'download', options: '-x; -json; -reuse=', writes: ['go-mod-cache'] };

/** Go's flag package: one or two dashes, and the first operand ends the flags. */
export const go: Program = {
  name: 'go',
  syntax: { order: 'first', short: 'words' },
  options: '-C=',
  subcommands: {
    build: goBuild,
    install: {
      action: 'install',
      options: GO_BUILD,
      writes: ['go-mod-cache', 'go-build-cache', 'files'],
      packages: goModule,
    },
    get: {
      action: 'install',
      options: `${GO_BUILD}; -d; -t; -u=?; -f; -fix; -insecure; -tool`,
      writes: ['go-mod-cache', 'go-build-cache', 'files'],
      packages: goModule,
    },
    run: { action: 'run', options: `${GO_BUILD}; -exec=`, writes: ['go-mod-cache', 'go-build-cache'] },
    test: {
      action: 'test',
      options: `${GO_BUILD}; -o=; -c; -exec=; -args; -bench=; -benchtime=; -benchmem; -count=; -coverprofile=; -cpu=; -failfast; -list=; -parallel=; -run=; -short; -timeout=; -vet=; -shuffle=; -skip=`,
      writes: ['go-mod-cache', 'go-build-cache'],
    },
    generate: {
      action: 'run',
      options: `${GO_BUILD}; -run=; -skip=`,
      writes: ['go-mod-cache', 'go-build-cache', 'files'],
    },
    vet: { action: 'test', options: GO_BUILD, writes: ['go-mod-cache', 'go-build-cache'] },
    mod: {
      action: 'other',
      options: '-e; -v; -x; -go=; -compat=; -json; -modcacherw; -o=',
      subcommands: {
        download: goFetch,
        tidy: { action: 'other', options: '-e; -v; -x; -go=; -compat=; -diff', writes: ['go-mod-cache', 'files'] },
        vendor: { action: 'download', options: '-e; -v; -o=', writes: ['go-mod-cache', 'files'] },
        init: { action: 'other', writes: ['files'] },
        edit: { action: 'other', writes: ['files'] },
        verify: { action: 'query' },
        graph: { action: 'query', writes: ['go-mod-cache'] },
        why: { action: 'query' },
      },
    },
    work: { action: 'other', writes: ['files'] },
    clean: {
      action: 'clean',
      options: `${GO_BUILD}; -cache; -testcache; -fuzzcache; -modcache; -r`,
      refine: (call) => ({
        clears: [
          ...(call.has('-modcache') ? (['go-mod-cache'] as const) : []),
          ...(call.has('-cache') ? (['go-build-cache'] as const) : []),
        ],
      }),
    },
    env: { action: 'query', options: '-json; -u; -w; -changed' },
    version: { action: 'query' },
    list: { action: 'query' },
    fmt: { action: 'other' },
    tool: { action: 'run' },
  },
};

const CARGO_BUILD =
  '-p= --package=; --workspace; --all; --exclude=; --lib; --bins; --bin=; --examples; --example=; --tests; --test=; --benches; --bench=; --all-targets; -F= --features=; --all-features; --no-default-features; --target=; -r --release; --profile=; --target-dir=; --artifact-dir= --out-dir=; --message-format=; --build-plan; --manifest-path=; --lockfile-path=; --ignore-rust-version; -j= --jobs=; --keep-going; --timings=?; -v --verbose; -q --quiet; --color=; --frozen; --locked; --offline; --config=; -Z=; --future-incompat-report';

export const cargo: Program = {
  name: 'cargo',
  syntax: { order: 'anywhere', short: 'clusters' },
  options:
    '-V --version; --list; --explain=; -v --verbose; -q --quiet; --color=; -C=; --frozen; --locked; --offline; --config=; -Z=; -h --help',
  subcommands: {
    build: {
      action: 'build',
      options: CARGO_BUILD,
      writes: ['cargo-registry', 'files'],
      outputs: { options: ['--target-dir', '--artifact-dir'] },
    },
    b: { action: 'build', options: CARGO_BUILD, writes: ['cargo-registry', 'files'] },
    check: { action: 'test', options: CARGO_BUILD, writes: ['cargo-registry'] },
    test: { action: 'test', options: `${CARGO_BUILD}; --doc; --no-run; --no-fail-fast`, writes: ['cargo-registry'] },
    run: { action: 'run', options: CARGO_BUILD, writes: ['cargo-registry'] },
    install: {
      action: 'install',
      options: `${CARGO_BUILD}; --version= --vers=; --git=; --branch=; --tag=; --rev=; --path=; --root=; --registry=; --index=; -f --force; --no-track; --list; --debug; -n --dry-run`,
      writes: ['cargo-registry', 'files'],
      packages: crate,
      urls: ['--git'],
      outputs: { options: ['--root'] },
    },
    binstall: {
      action: 'install',
      options:
        '-y --no-confirm; --version=; --force; --root=; --install-path=; --git=; --locked; --no-symlinks; --strategies=; --disable-strategies=',
      writes: ['files'],
      packages: crate,
    },
    fetch: {
      action: 'download',
      options: '--target=; --manifest-path=; --locked; --frozen; --offline',
      writes: ['cargo-registry'],
    },
    vendor: { action: 'download', writes: ['cargo-registry', 'files'] },
    update: { action: 'upgrade', writes: ['cargo-registry', 'files'] },
    chef: {
      action: 'build',
      subcommands: {
        prepare: { action: 'other', options: '--recipe-path=; --bin=', writes: ['files'] },
        cook: {
          action: 'build',
          options: `${CARGO_BUILD}; --recipe-path=; --check; --no-build; --zigbuild`,
          writes: ['cargo-registry', 'files'],
        },
      },
    },
    clean: { action: 'delete', writes: ['files'] },
    doc: { action: 'build', options: CARGO_BUILD, writes: ['cargo-registry', 'files'] },
    clippy: { action: 'test', options: CARGO_BUILD, writes: ['cargo-registry'] },
    new: { action: 'other', writes: ['files'] },
    init: { action: 'other', writes: ['files'] },
  },
};

export const rustup: Program = {
  name: 'rustup',
  syntax: { order: 'anywhere', short: 'clusters' },
  options:
    '-v --verbose; -q --quiet; -V --version; -y; --default-toolchain=; --default-host=; --profile=; -c= --component=; -t= --target=; --no-modify-path; --toolchain=; --no-self-update; --force; --no-update-default-toolchain; --allow-downgrade; --path=; --force-non-host',
  action: 'other',
  writes: ['files'],
};

export const gem: Program = {
  name: 'gem',
  options:
    '-N --no-document; --document=?; --no-ri; --no-rdoc; --ri; --rdoc; -d; -v= --version=; -i= --install-dir=; -n= --bindir=; --user-install; --no-user-install; --conservative; -f --force; --ignore-dependencies; --platform=; --prerelease --pre; -s= --source=; --clear-sources; -p= --http-proxy=; -q --quiet; -V --verbose; --silent; ' +
    '-l --local; -r --remote; -b --both; -E --env-shebang; -w --wrappers; -P= --trust-policy=; --development; --minimal-deps; --explain; --lock; --vendor; -g= --file=; --without=; --default; --suggestions; --backtrace; --debug; --norc; --config-file=; --system; -a --all; -x --executables; -I --ignore-dependencies; --post-install-message; --no-post-install-message; --no-suggestions; --env-shebang; --no-wrappers; --bulk-threshold=; -u; --update-sources; --target-rbconfig=; --add=; --remove=; -c',
  subcommands: {
    install: { action: 'install', writes: ['gem-cache', 'files'], packages: gemPackage },
    i: { action: 'install', writes: ['gem-cache', 'files'], packages: gemPackage },
    update: { action: 'upgrade', writes: ['gem-cache', 'files'], packages: gemPackage },
    uninstall: { action: 'remove', writes: ['files'], packages: gemPackage },
    cleanup: { action: 'remove', writes: ['files'] },
    build: { action: 'build', writes: ['files'] },
    fetch: { action: 'download', writes: ['files'], packages: gemPackage },
    sources: { action: 'other', writes: ['files'] },
    environment: { action: 'query' },
    env: { action: 'query' },
    list: { action: 'query' },
  },
};

export const bundle: Program = {
  name: 'bundle',
  options:
    '--binstubs=?; --clean; --deployment; --frozen; --full-index; --gemfile=; -j= --jobs=; --local; --no-cache; --no-prune; --path=; --prefer-local; --quiet; --retry=; --shebang=; --standalone=?; --system; --trust-policy=; --with=; --without=; -V --verbose; --no-color; --redownload --force; --all; --all-platforms; --dry-run; --global; --local; --delete; -r= --retry=; --keep-file-descriptors; --gemspec; --conservative; --group= -g=; --source=; --strict; --patch; --minor; --major; --add-platform=; --update=?; --no-install',
  action: 'install',
  writes: ['gem-cache', 'files'],
  subcommands: {
    install: { action: 'install', writes: ['gem-cache', 'files'] },
    update: { action: 'upgrade', writes: ['gem-cache', 'files'] },
    package: { action: 'download', writes: ['gem-cache', 'files'] },
    cache: { action: 'download', writes: ['gem-cache', 'files'] },
    config: { action: 'other', order: 'first', options: '--global; --local; --delete', writes: ['files'] },
    exec: { action: 'run', order: 'first' },
    clean: { action: 'remove', writes: ['files'] },
    lock: { action: 'other', writes: ['files'] },
    binstubs: { action: 'other', writes: ['files'] },
    add: { action: 'install', writes: ['gem-cache', 'files'], packages: gemPackage },
    check: { action: 'query' },
    info: { action: 'query' },
    show: { action: 'query' },
  },
};

/** Goals are operands; `-Dname=value` is one word. */
export const mvn: Program = {
  name: 'mvn',
  syntax: { order: 'anywhere', short: 'clusters' },
  options:
    '-am --also-make; -B --batch-mode; -b= --builder=; -C --strict-checksums; -c --lax-checksums; -D= --define=; -e --errors; -f= --file=; -fae --fail-at-end; -gs= --global-settings=; -N --non-recursive; -ntp --no-transfer-progress; -o --offline; -P= --activate-profiles=; -pl= --projects=; -q --quiet; -rf= --resume-from=; -s= --settings=; -T= --threads=; -t= --toolchains=; -U --update-snapshots; -u; -V --show-version; -v --version; -X --debug; -ff --fail-fast; -l= --log-file=; -nsu --no-snapshot-updates; -npu; -up; -cpu; -itr; -h --help; --encrypt-password=?; -a; -n; -p; -d',
  action: 'build',
  writes: ['maven-repository', 'files'],
};

export const gradle: Program = {
  name: 'gradle',
  syntax: { order: 'anywhere', short: 'words' },
  options:
    '-a; -b= --build-file=; -c= --settings-file=; -g= --gradle-user-home=; -I= --init-script=; -m --dry-run; --offline; -p= --project-dir=; --profile; --project-cache-dir=; -q --quiet; -s --stacktrace; -S --full-stacktrace; -x= --exclude-task=; --no-daemon; --daemon; --parallel; --no-parallel; --build-cache; --no-build-cache; --configure-on-demand; --console=; --continue; --info -i; --debug -d; --warn -w; --max-workers=; --refresh-dependencies; --rerun-tasks; --scan; --no-scan; --status; --stop; -v --version; --warning-mode=; --write-locks; --no-watch-fs; --configuration-cache; --no-configuration-cache; --gradle-version=; --distribution-type=; --tests=; -h --help; --foreground; --priority=',
  action: 'build',
  writes: ['gradle-cache', 'files'],
};

export const dotnet: Program = {
  name: 'dotnet',
  options:
    '-c= --configuration=; -o= --output=; -r= --runtime=; -f= --framework=; -v= --verbosity=; --no-restore; --no-build; --self-contained=?; --no-self-contained; -a= --arch=; --os=; --source= -s=; --packages=; --ignore-failed-sources; --disable-parallel; --use-current-runtime; --no-dependencies; --nologo; --version=; --info; --configfile=; -p=; --project=; -g --global; --tool-path=; --add-source=; --no-cache; --interactive; --force; --lock-file-path=; --locked-mode; -l= --logger=; --collect=; --filter=; --results-directory=; --version-suffix=; --no-incremental; -h --help',
  subcommands: {
    restore: { action: 'install', writes: ['files'] },
    build: { action: 'build', writes: ['files'], outputs: { options: ['--output'] } },
    publish: { action: 'build', writes: ['files'], outputs: { options: ['--output'] } },
    pack: { action: 'build', writes: ['files'] },
    run: { action: 'run' },
    test: { action: 'test' },
    tool: { action: 'install', writes: ['files'] },
    add: { action: 'install', writes: ['files'] },
    new: { action: 'other', writes: ['files'] },
    nuget: { action: 'other' },
    'dev-certs': { action: 'other', writes: ['files'] },
    clean: { action: 'delete', writes: ['files'] },
  },
};

export const make: Program = {
  name: 'make',
  options:
    '-B --always-make; -C= --directory=; -d; --debug=?; -e --environment-overrides; -E= --eval=; -f= --file= --makefile=; -i --ignore-errors; -I= --include-dir=; -j=? --jobs=?; -k --keep-going; -l=? --load-average=? --max-load=?; -n --just-print --dry-run; -o= --old-file=; -O=? --output-sync=?; -p --print-data-base; -q --question; -r --no-builtin-rules; -R --no-builtin-variables; -s --silent --quiet; -S --stop; -t --touch; --trace; -v --version; -w --print-directory; --no-print-directory; -W= --what-if=; --warn-undefined-variables; -b; -m',
  action: 'build',
  writes: ['files'],
};

export const cmake: Program = {
  name: 'cmake',
  syntax: { order: 'anywhere', short: 'clusters' },
  options:
    '-S=; -B=; -G=; -D=; -C=; -U=; -T=; -A=; --build=; --target= -t=; --install=; --config=; --parallel=? -j=?; --preset=; --prefix=; --component=; --clean-first; --strip; -E; -P=; -W=; -L=?; -N; -v --verbose; --version; --log-level=; --fresh; --graphviz=; --debug-output; --trace; --open=; --workflow; -i; --list-presets',
  action: 'build',
  writes: ['files'],
};
