import { alpine } from './packages.ts';
import type { Call, Effects, Program, Subcommand } from './table.ts';

/** `--no-cache` fetches the index for this one command and leaves nothing; `--update-cache` refreshes it first (apk(8)). */
function index(call: Call, writes: Effects['writes'] & {}): Effects {
  if (call.has('--no-cache')) return { reads: [], writes };
  if (call.has('--update-cache') || call.has('--update')) return { reads: [], writes: [...writes, 'apk-index'] };
  return { reads: ['apk-index'], writes };
}

const query: Subcommand = { action: 'query', reads: ['apk-index'] };

export const apk: Program = {
  name: 'apk',
  options:
    '-p= --root=; -X= --repository=; -q --quiet; -v --verbose; -i --interactive; -V --version; -f --force; --force-binary-stdout; ' +
    '--force-broken-world; --force-missing-repositories; --force-non-repository; --force-old-apk; --force-overwrite; --force-refresh; ' +
    '-U --update-cache; --progress; --progress-fd=; --no-progress; --purge; --allow-untrusted; --wait=; --keys-dir=; --repositories-file=; ' +
    '--no-network; --no-cache; --cache-dir=; --cache-max-age=; --arch=; --no-interactive; --timeout=; --print-arch; --no-logfile; ' +
    '--no-check-certificate; --preserve-env; --root-tmpfs=; --cache-packages; -t= --virtual=; -h --help',
  subcommands: {
    add: {
      action: 'install',
      options:
        '--initdb; -l --latest; -u --upgrade; -t= --virtual=; --no-chown; --usermode; -s --simulate; --clean-protected; --overlay-from-stdin; --no-scripts; --no-commit-hooks; --initramfs-diskless-boot; --update; -r --repair',
      packages: alpine,
      refine: (call) => index(call, ['packages']),
    },
    upgrade: {
      action: 'upgrade',
      options:
        '-a --available; -l --latest; --no-self-upgrade; --self-upgrade-only; --ignore; --prune; --update; -s --simulate; --no-scripts',
      packages: alpine,
      refine: (call) => index(call, ['packages']),
    },
    fix: {
      action: 'install',
      options: '-d --depends; -r --reinstall; -u --upgrade; -x --xattr; --directory-permissions',
      packages: alpine,
      refine: (call) => index(call, ['packages']),
    },
    del: {
      action: 'remove',
      options: '-r --rdepends; -s --simulate; --no-scripts',
      writes: ['packages'],
      packages: alpine,
    },
    update: {
      action: 'update-index',
      refine: (call) => ({ writes: call.has('--no-cache') ? [] : ['apk-index'] }),
    },
    fetch: {
      action: 'download',
      options:
        '-L --link; -o= --output=; -R --recursive; -s --stdout; --simulate; --url; -w --world; --built-after=; --pkgname-spec=',
      packages: alpine,
      outputs: { options: ['--output'] },
      refine: (call) => index(call, ['files']),
    },
    // What an installed package needs stays; the index stays too.
    cache: {
      action: 'other',
      subcommands: {
        clean: { action: 'clean' },
        download: { action: 'download' },
        sync: { action: 'other' },
        purge: { action: 'clean' },
      },
    },
    search: query,
    info: {
      action: 'query',
      options:
        '-e --installed; -L --contents; -R --depends; -P --provides; -r --rdepends; -w --webpage; -W --who-owns; -a --all; -d --description; -s --size; -t --triggers; -i --install-if; --license; --replaces',
    },
    list: query,
    policy: query,
    version: query,
    stats: query,
    dot: query,
    audit: { action: 'query' },
    verify: { action: 'query' },
  },
};
