import { composerPackage, pecl as peclPackage } from './packages.ts';
import type { Program, Subcommand } from './table.ts';

const COMPOSER_INSTALL =
  '--prefer-source; --prefer-dist; --prefer-install=; --dry-run; --download-only; --dev; --no-dev; --no-suggest; --no-autoloader; --no-progress; --no-install; --audit; --no-audit; --audit-format=; -o --optimize-autoloader; -a --classmap-authoritative; --apcu-autoloader; --apcu-autoloader-prefix=; --ignore-platform-req=; --ignore-platform-reqs; --no-scripts; --no-plugins; --no-security-blocking; --fixed; --no-update; --update-no-dev; -W --update-with-all-dependencies --with-all-dependencies; -w --update-with-dependencies --with-dependencies; --prefer-stable; --prefer-lowest; --sort-packages; -m --minimal-changes; --lock; --with=; --root-reqs; --bump-after-update=?; --no-install';
const composerInstall: Subcommand = {
  action: 'install',
  options: COMPOSER_INSTALL,
  refine: (call) => ({ writes: call.has('--no-cache') ? ['files'] : ['composer-cache', 'files'] }),
};
const composerClear: Subcommand = { action: 'clean', clears: ['composer-cache'] };

export const composer: Program = {
  name: 'composer',
  options:
    '-h --help; -q --quiet; -V --version; --ansi; --no-ansi; -n --no-interaction; --profile; --no-plugins; --no-scripts; -d= --working-dir=; --no-cache; -v --verbose; -vv; -vvv',
  subcommands: {
    install: composerInstall,
    i: composerInstall,
    update: { ...composerInstall, action: 'upgrade', packages: composerPackage },
    upgrade: { ...composerInstall, action: 'upgrade', packages: composerPackage },
    require: { ...composerInstall, packages: composerPackage },
    remove: { action: 'remove', options: COMPOSER_INSTALL, writes: ['files'], packages: composerPackage },
    'create-project': {
      ...composerInstall,
      options: `${COMPOSER_INSTALL}; -s= --stability=; --repository=; --add-repository; --no-custom-installers; --no-secure-http; --keep-vcs; --remove-vcs; --ask`,
    },
    global: {
      action: 'other',
      subcommands: {
        require: { ...composerInstall, packages: composerPackage },
        update: { ...composerInstall, action: 'upgrade' },
        install: composerInstall,
        config: { action: 'other' },
        remove: { action: 'remove' },
      },
    },
    'dump-autoload': {
      action: 'build',
      options:
        '-o --optimize; -a --classmap-authoritative; --apcu; --no-dev; --dev; --ignore-platform-reqs; --strict-psr',
      writes: ['files'],
    },
    dumpautoload: {
      action: 'build',
      options: '-o --optimize; -a --classmap-authoritative; --apcu; --no-dev; --dev',
      writes: ['files'],
    },
    'clear-cache': composerClear,
    clearcache: composerClear,
    cc: composerClear,
    config: {
      action: 'other',
      options:
        '-g --global; -e --editor; -a --auth; --unset; -l --list; -f= --file=; --absolute; -j --json; -m --merge; --append; --source',
      writes: ['files'],
    },
    'self-update': {
      action: 'upgrade',
      options:
        '-r --rollback; --clean-backups; --no-progress; --update-keys; --stable; --preview; --snapshot; --1; --2; --2.2',
      writes: ['files'],
    },
    selfupdate: { action: 'upgrade', options: '-r --rollback; --1; --2; --2.2', writes: ['files'] },
    run: { action: 'run' },
    'run-script': { action: 'run' },
    exec: { action: 'run' },
    validate: { action: 'query' },
    show: { action: 'query' },
    diagnose: { action: 'query' },
    'check-platform-reqs': { action: 'query' },
    audit: { action: 'query' },
  },
};

/** The official image's helpers: they compile extensions from the PHP source, and take no package index. */
export const dockerPhpExtInstall: Program = {
  name: 'docker-php-ext-install',
  options: '-j=? --jobs=?; --ini-name=; -h --help',
  action: 'build',
  writes: ['files'],
};
export const dockerPhpExtEnable: Program = {
  name: 'docker-php-ext-enable',
  options: '--ini-name=',
  action: 'other',
  writes: ['files'],
};
export const dockerPhpExtConfigure: Program = {
  name: 'docker-php-ext-configure',
  // What follows the extension are its configure script's arguments.
  syntax: { order: 'first', short: 'clusters' },
  options: '-h --help',
  action: 'other',
  writes: ['files'],
};

const peclInstall: Subcommand = { action: 'install', writes: ['files'], packages: peclPackage };

export const pecl: Program = {
  name: 'pecl',
  options:
    '-f --force; -n --nodeps; -r --register-only; -s --soft; -B --nobuild; -Z --nocompress; -R= --installroot= --packagingroot=; --ignore-errors; -a --alldeps; -o --onlyreqdeps; -O --offline; -p --pretend; --configureoptions= -D=; -q; -v; -d=',
  subcommands: {
    install: peclInstall,
    upgrade: { ...peclInstall, action: 'upgrade' },
    uninstall: { action: 'remove', writes: ['files'], packages: peclPackage },
    download: { action: 'download', writes: ['files'], packages: peclPackage },
    'update-channels': { action: 'update-index' },
    'channel-update': { action: 'update-index' },
    'config-set': { action: 'other', writes: ['files'] },
    list: { action: 'query' },
    search: { action: 'query' },
  },
};
export const pear: Program = { ...pecl, name: 'pear' };
