import { debian } from './packages.ts';
import type { Program, Subcommand } from './table.ts';

const install: Subcommand = {
  action: 'install',
  reads: ['apt-lists'],
  writes: ['packages', 'apt-archives'],
  packages: debian,
};
const upgrade: Subcommand = { ...install, action: 'upgrade' };
const remove: Subcommand = { action: 'remove', writes: ['packages'], packages: debian };
const query: Subcommand = { action: 'query', reads: ['apt-lists'] };

/** apt reads options its own way: anywhere, `-o=x` as `-o x`, and `--no-x` for every switch (apt-get(8)). */
const aptGet: Program = {
  name: 'apt-get',
  syntax: { order: 'anywhere', short: 'clusters', shortEquals: true, negatable: true },
  options:
    '-y --yes --assume-yes; --assume-no; -q --quiet; -qq; -d --download-only; -f --fix-broken; -m --ignore-missing --fix-missing; ' +
    '-s --simulate --just-print --dry-run --recon --no-act; -u --show-upgraded; -V --verbose-versions; -a= --host-architecture=; ' +
    '-P= --build-profiles=; -b --compile --build; --ignore-hold; --with-new-pkgs; --allow-change-held-packages; --upgrade; ' +
    '--allow-downgrades; --allow-remove-essential; --force-yes; --only-upgrade; --print-uris; --purge; --reinstall; --list-cleanup; ' +
    '-t= --target-release= --default-release=; --trivial-only; --remove; --auto-remove --autoremove; --only-source; --diff-only; ' +
    '--dsc-only; --tar-only; --arch-only; --indep-only; --allow-unauthenticated; --allow-insecure-repositories; ' +
    '--allow-releaseinfo-change; --show-progress; --with-source=; --error-on=; -h --help; -v --version; -c= --config-file=; ' +
    '-o= --option=; --install-recommends; --no-install-recommends; --install-suggests; --no-install-suggests; --no-download; ' +
    '--no-remove; --no-upgrade; --update -U; --solver=; --color; --no-strict-pinning; --snapshot= -S=; --fix-policy',
  refine: (call) =>
    call.has('--simulate') || call.has('--print-uris') ? { action: 'query', reads: [], writes: [], clears: [] } : {},
  subcommands: {
    update: { action: 'update-index', writes: ['apt-lists'] },
    install,
    reinstall: install,
    satisfy: install,
    'build-dep': install,
    upgrade,
    'dist-upgrade': upgrade,
    'full-upgrade': upgrade,
    'dselect-upgrade': upgrade,
    'safe-upgrade': upgrade,
    remove,
    purge: remove,
    autoremove: remove,
    autopurge: remove,
    'auto-remove': remove,
    clean: { action: 'clean', clears: ['apt-archives'] },
    distclean: { action: 'clean', clears: ['apt-archives', 'apt-lists'] },
    'dist-clean': { action: 'clean', clears: ['apt-archives', 'apt-lists'] },
    // Only what can no longer be downloaded goes.
    autoclean: { action: 'clean' },
    download: { action: 'download', reads: ['apt-lists'], writes: ['files'], packages: debian },
    source: { action: 'download', reads: ['apt-lists'], writes: ['files'], packages: debian },
    changelog: query,
    check: query,
    indextargets: query,
    list: query,
    search: query,
    show: query,
    policy: query,
    moo: query,
    'edit-sources': { action: 'other' },
  },
};

const apt: Program = { ...aptGet, name: 'apt' };
/** Its words for recommended packages are its own (aptitude(8)). */
const aptitude: Program = {
  ...aptGet,
  name: 'aptitude',
  options: `${aptGet.options}; -R --without-recommends; -r --with-recommends`,
};

const aptCache: Program = {
  name: 'apt-cache',
  syntax: { order: 'anywhere', short: 'clusters', shortEquals: true, negatable: true },
  options:
    '-q --quiet; -c= --config-file=; -o= --option=; -p= --pkg-cache=; -s= --src-cache=; -n --names-only; -a --all-versions; -i --important; --installed; --recurse; -g --generate; -f --full',
  action: 'query',
  reads: ['apt-lists'],
};

const aptMark: Program = {
  name: 'apt-mark',
  syntax: { order: 'anywhere', short: 'clusters', shortEquals: true, negatable: true },
  options: '-f= --file=; -q --quiet; -s --simulate; -c= --config-file=; -o= --option=',
  action: 'other',
};

const addAptRepository: Program = {
  name: 'add-apt-repository',
  options:
    '-y --yes; -n --no-update; -u --update; -r --remove; -s --enable-source; -c= --component=; -p= --pocket=; -P= --ppa=; -C= --cloud=; ' +
    '-U= --uri=; -S= --sourceslist=; -m --massive-debug; -k= --keyserver=; -L --login; -l --list; -d --debug',
  action: 'other',
  refine: (call) => ({ writes: call.has('--no-update') ? ['files'] : ['files', 'apt-lists'] }),
};

const aptKey: Program = {
  name: 'apt-key',
  syntax: { order: 'first', short: 'clusters' },
  options: '--keyring=; --quiet -q; --keyserver=; --recv-keys --recv --recv-key; --fetch-keys; --keyserver-options=',
  action: 'other',
};

const dpkg: Program = {
  name: 'dpkg',
  options:
    '-i --install; --unpack; --configure; -r --remove; -P --purge; -a --pending; -R --recursive; -l --list; -L --listfiles; -s --status; -S --search; ' +
    '-C --audit; --print-architecture; --print-foreign-architectures; --add-architecture; --remove-architecture; --get-selections; --set-selections; ' +
    '--clear-selections; --compare-versions; -c --contents; -I --info; -e --control; -x --extract; -X --vextract; -b --build; -f --field; -W --show; ' +
    '--force-all; --force=?; --force-depends; --force-confold; --force-confdef; --force-confnew; --force-confmiss; --force-overwrite; ' +
    '--force-architecture; --force-bad-path; --no-force; --refuse=; --ignore-depends=; --no-triggers; --root=; --admindir=; --instdir=; -E --skip-same-version; ' +
    '-G --refuse-downgrade; -O --selected-only; --path-exclude=; --path-include=; --no-act --dry-run --simulate; -B --auto-deconfigure; -D= --debug=; --version; --help',
  action: 'other',
  refine: (call) => {
    const packages = () => call.operands.flatMap((word) => debian(word) ?? []);
    const files = () => packages().map((found) => ({ ...found, source: 'file' as const }));
    if (call.has('--install') || call.has('--unpack'))
      return { action: 'install', writes: ['packages'], packages: files() };
    if (call.has('--remove') || call.has('--purge'))
      return { action: 'remove', writes: ['packages'], packages: packages() };
    if (call.has('--extract') || call.has('--vextract')) return { action: 'extract', writes: ['files'] };
    if (call.has('--configure')) return { action: 'install', writes: ['packages'] };
    return call.has('--add-architecture') ? { action: 'other', writes: ['files'] } : { action: 'query' };
  },
};

const gdebi: Program = {
  name: 'gdebi',
  options: '-n --non-interactive; -q --quiet; -o= --option=; --root=',
  action: 'install',
  reads: ['apt-lists'],
  writes: ['packages', 'apt-archives'],
  packages: debian,
};

export { addAptRepository, apt, aptCache, aptGet, aptitude, aptKey, aptMark, dpkg, gdebi };
