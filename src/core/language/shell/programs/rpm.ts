import type { State } from '../types.ts';
import { plain, rpm as rpmPackage } from './packages.ts';
import type { Program, Subcommand } from './table.ts';

function subcommands(cache: State): Readonly<Record<string, Subcommand>> {
  const install: Subcommand = { action: 'install', writes: ['packages', cache], packages: rpmPackage };
  const upgrade: Subcommand = { ...install, action: 'upgrade' };
  const remove: Subcommand = { action: 'remove', writes: ['packages'], packages: rpmPackage };
  const group: Subcommand = { action: 'install', writes: ['packages', cache], packages: plain };
  const query: Subcommand = { action: 'query', writes: [cache] };
  return {
    install,
    in: install,
    localinstall: install,
    reinstall: install,
    downgrade: install,
    swap: install,
    'install-n': install,
    builddep: install,
    'build-dep': install,
    upgrade,
    up: upgrade,
    update: upgrade,
    'upgrade-minimal': upgrade,
    'update-minimal': upgrade,
    'system-upgrade': upgrade,
    distrosync: upgrade,
    'distro-sync': upgrade,
    remove,
    erase: remove,
    autoremove: remove,
    groupinstall: group,
    groupupdate: { ...group, action: 'upgrade' },
    groupremove: { action: 'remove', writes: ['packages'], packages: plain },
    group: {
      action: 'other',
      subcommands: {
        install: group,
        update: { ...group, action: 'upgrade' },
        upgrade: { ...group, action: 'upgrade' },
        remove: { action: 'remove', writes: ['packages'] },
      },
    },
    module: {
      action: 'other',
      writes: [cache],
      subcommands: {
        install: { ...group },
        enable: { action: 'other' },
        disable: { action: 'other' },
        reset: { action: 'other' },
        list: query,
      },
    },
    makecache: { action: 'update-index', writes: [cache] },
    clean: {
      action: 'clean',
      subcommands: {
        all: { action: 'clean', clears: [cache] },
        packages: { action: 'clean' },
        metadata: { action: 'clean' },
        dbcache: { action: 'clean' },
        'expire-cache': { action: 'clean' },
        headers: { action: 'clean' },
        plugins: { action: 'clean' },
      },
    },
    download: { action: 'download', writes: [cache, 'files'], packages: rpmPackage },
    'config-manager': { action: 'other', writes: ['files'], urls: ['--add-repo'] },
    copr: { action: 'other', writes: ['files'] },
    'needs-restarting': { action: 'query' },
    'check-update': query,
    list: query,
    search: query,
    info: query,
    provides: query,
    whatprovides: query,
    repoquery: query,
    repolist: query,
    deplist: query,
    grouplist: query,
    updateinfo: query,
    history: { action: 'query' },
    version: { action: 'query' },
    help: { action: 'query' },
    mark: { action: 'other' },
    versionlock: { action: 'other' },
  };
}

/** dnf(8), yum(8) and microdnf share their options; all read them anywhere on the line. */
const OPTIONS =
  '-y --assumeyes; --assumeno; -q --quiet; -v --verbose; -e= --errorlevel=; -d= --debuglevel=; --rpmverbosity=; -R= --randomwait=; -c= --config=; ' +
  '-C --cacheonly; --installroot=; --enablerepo= --enable-repo=; --disablerepo= --disable-repo=; --repo= --repoid=; --repofrompath=; -x= --exclude= --excludepkgs=; ' +
  '--disableexcludes= --disableexcludepkgs=; --disableplugin=; --enableplugin=; --noplugins; --nogpgcheck --no-gpgchecks; --color=; --releasever=; --setopt=; ' +
  '--skip-broken; --nobest; -b --best; --allowerasing; --downloadonly; --downloaddir= --destdir=; --security; --bugfix; --enhancement; --newpackage; ' +
  '--advisory= --advisories=; --bz=; --cve=; --sec-severity=; --obsoletes; --showduplicates; --refresh; --nodocs; --noautoremove; -4; -6; --forcearch=; ' +
  '--comment=; --with-optional; --allow-downgrade; --no-allow-downgrade; --setopt=; --add-repo=; --save; --set-enabled; --set-disabled; --enable; --disable; ' +
  '--resolve; --alldeps; --source; --srpm; --arch= --archlist=; --url; -t --tolerant; --nobootstrap; --keepcache; --disable-plugin=; --enable-plugin=; ' +
  '--installed; --available; --all; -l --list; --whatprovides=; --qf= --queryformat=; -h --help; --version; --skip-unavailable; --use-host-config; --no-docs; ' +
  '--nogpg; --quit; --changelogs; --recent; --disableexcludepkgs=; --from-repo=; --offline; --dump; --install-weak-deps=';

const syntax = { order: 'anywhere', short: 'clusters', shortEquals: true } as const;

export const dnf: Program = { name: 'dnf', syntax, options: OPTIONS, subcommands: subcommands('dnf-cache') };
export const yum: Program = { name: 'yum', syntax, options: OPTIONS, subcommands: subcommands('yum-cache') };
/** microdnf keeps its cache in yum's directory. */
export const microdnf: Program = { name: 'microdnf', syntax, options: OPTIONS, subcommands: subcommands('yum-cache') };

export const yumConfigManager: Program = {
  name: 'yum-config-manager',
  options: OPTIONS,
  action: 'other',
  writes: ['files'],
  urls: ['--add-repo'],
};

export const yumBuilddep: Program = {
  name: 'yum-builddep',
  options: OPTIONS,
  action: 'install',
  writes: ['packages', 'yum-cache'],
};

export const rpm: Program = {
  name: 'rpm',
  options:
    '-i --install; -U --upgrade; -F --freshen; -e --erase; -q --query; -V --verify; --import; --initdb; --rebuilddb; -v --verbose; -h --hash; --quiet; ' +
    '--nodeps; --force; --nogpgcheck; --nosignature; --nodigest; --excludedocs; --noscripts; --notriggers; --replacepkgs; --replacefiles; --oldpackage; ' +
    '--ignorearch; --ignoreos; --ignoresize; --allmatches; --prefix=; --root= -r=; --dbpath=; --relocate=; --test; -a --all; -f --file; -l --list; -p --package; ' +
    '--qf= --queryformat=; -D= --define=; -E= --eval=; --whatprovides; --whatrequires; --provides; --requires -R; --scripts; --changelog; -K --checksig; --percent; --setperms; --setugids; --justdb; --info; --last; --nofiledigest',
  refine: (call) => {
    const packages = call.operands.flatMap((word) => {
      const found = rpmPackage(word);
      return found === undefined
        ? []
        : [found.source === 'registry' && !call.has('--erase') ? { ...found, source: 'file' as const } : found];
    });
    const urls = call.operands.filter((word) => /^\w+:\/\//.test(word.unquoted));
    if (call.has('--query') || call.has('--eval') || call.has('--verify')) return { action: 'query' };
    if (call.has('--install') || call.has('--upgrade') || call.has('--freshen'))
      return { action: 'install', writes: ['packages'], packages, urls };
    if (call.has('--erase')) return { action: 'remove', writes: ['packages'], packages };
    return call.has('--import') ? { action: 'other', writes: ['files'], urls } : { action: 'other' };
  },
};

const zypperInstall: Subcommand = {
  action: 'install',
  writes: ['packages', 'zypper-cache'],
  packages: rpmPackage,
  options:
    '-r= --repo= --from=; -t= --type=; -n --name; -C --capability; -f --force; --oldpackage; --replacefiles; -y --no-confirm; -l --auto-agree-with-licenses; ' +
    '--auto-agree-with-product-licenses; -D --dry-run; --details; -d --download-only; --download=; --no-recommends; --recommends; --allow-unsigned-rpm; ' +
    '--force-resolution; --no-force-resolution; -R --no-clean-deps; -u --clean-deps; --solver-focus=; --allow-vendor-change; --no-allow-vendor-change; --allow-downgrade; --allow-name-change; --allow-arch-change; --debug-solver',
};
const zypperUpgrade: Subcommand = { ...zypperInstall, action: 'upgrade' };
const zypperRefresh: Subcommand = {
  action: 'update-index',
  writes: ['zypper-cache'],
  options:
    '-f --force; -b --force-build; -d --force-download; -B --build-only; -D --download-only; -r= --repo=; -s --services',
};
const zypperRemove: Subcommand = { ...zypperInstall, action: 'remove', writes: ['packages'] };
const zypperClean: Subcommand = {
  action: 'clean',
  options: '-a --all; -m --metadata; -M --raw-metadata; -r= --repo=',
  // Without --all the repositories' metadata stays.
  refine: (call) => ({ clears: call.has('--all') ? ['zypper-cache'] : [] }),
};
const zypperAddRepo: Subcommand = {
  action: 'other',
  writes: ['files'],
  options:
    '-r= --repo=; -c --check; -C --no-check; -n= --name=; -e --enable; -d --disable; -f --refresh; -F --no-refresh; -p= --priority=; -k --keep-packages; -K --no-keep-packages; -g --gpgcheck; -G --no-gpgcheck; -t= --type=; --gpgcheck-strict; --gpgcheck-allow-unsigned; --gpgcheck-allow-unsigned-repo',
  refine: (call) => ({ urls: call.operands.filter((word) => word.unquoted.includes('://')) }),
};

export const zypper: Program = {
  name: 'zypper',
  options:
    '-n --non-interactive; --non-interactive-include-reboot-patches; --no-gpg-checks; --gpg-auto-import-keys; -q --quiet; -v --verbose; --color; --no-color; -A --no-abbrev; ' +
    '-s --table-style=; -x --xmlout; -i --ignore-unknown; -p= --plus-repo=; --plus-content=; --disable-repositories; --no-refresh; --no-cd; --no-remote; ' +
    '-R= --root=; --installroot=; -c= --config=; -D= --reposd-dir=; -C= --cache-dir=; --raw-cache-dir=; --solv-cache-dir=; --pkg-cache-dir=; --releasever=; --userdata=; -h --help; -V --version; -t --terse; --promptids; --releasever=',
  subcommands: {
    install: zypperInstall,
    in: zypperInstall,
    'source-install': zypperInstall,
    si: zypperInstall,
    update: zypperUpgrade,
    up: zypperUpgrade,
    'dist-upgrade': zypperUpgrade,
    dup: zypperUpgrade,
    patch: zypperUpgrade,
    remove: zypperRemove,
    rm: zypperRemove,
    refresh: zypperRefresh,
    ref: zypperRefresh,
    clean: zypperClean,
    cc: zypperClean,
    addrepo: zypperAddRepo,
    ar: zypperAddRepo,
    removerepo: { action: 'other', writes: ['files'] },
    rr: { action: 'other', writes: ['files'] },
    modifyrepo: { action: 'other', writes: ['files'] },
    mr: { action: 'other', writes: ['files'] },
    search: { action: 'query' },
    se: { action: 'query' },
    info: { action: 'query' },
    repos: { action: 'query' },
    lr: { action: 'query' },
  },
};
