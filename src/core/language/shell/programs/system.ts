import type { ShellWord } from '../types.ts';
import { plain } from './packages.ts';
import type { Program } from './table.ts';

export const pacman: Program = {
  name: 'pacman',
  options:
    '-S --sync; -R --remove; -U --upgrade; -Q --query; -D --database; -F --files; -T --deptest; -V --version; -h --help; -y --refresh; -u --sysupgrade; -c --clean; -w --downloadonly; -s --recursive --search; -n --nosave; -g --groups; -i --info; -l --list; -q --quiet; -d --nodeps; -p --print; -o --owns; -t --unrequired; -e --explicit; -m --foreign; -k --check; -f --force; ' +
    '--noconfirm; --confirm; --needed; --noprogressbar; --noscriptlet; --overwrite=; --ignore=; --ignoregroup=; --asdeps; --asexplicit; --assume-installed=; --dbonly; --disable-download-timeout; --config=; --root= -r=; --dbpath= -b=; --cachedir=; --gpgdir=; --hookdir=; --logfile=; --arch=; --color=; --sysroot=; --debug; -v --verbose; --cascade; --disable-sandbox; --print-format=; --unneeded',
  refine: (call) => {
    const packages = call.operands
      .filter((word) => word.prefix !== '' || word.value !== undefined)
      .flatMap((word) => plain(word) ?? []);
    if (call.has('--query') || call.has('--files') || call.has('--deptest')) return { action: 'query' };
    if (call.has('--remove')) return { action: 'remove', writes: ['packages'], packages };
    if (call.has('--upgrade'))
      return {
        action: 'install',
        writes: ['packages'],
        packages: packages.map((found) => ({ ...found, source: 'file' })),
      };
    if (!call.has('--sync')) return { action: 'other' };
    if (call.has('--clean')) {
      const thorough = call.options.filter(({ name }) => name === '--clean').length > 1;
      // The question whether to remove all files has "no" as its default, which --noconfirm takes (pacman's sync.c).
      return { action: 'clean', clears: thorough && !call.has('--noconfirm') ? ['pacman-cache'] : [] };
    }
    if (packages.length > 0) return { action: 'install', writes: ['packages', 'pacman-cache'], packages };
    if (call.has('--sysupgrade')) return { action: 'upgrade', writes: ['packages', 'pacman-cache'] };
    return call.has('--refresh') ? { action: 'update-index', writes: ['pacman-cache'] } : { action: 'query' };
  },
};

export const systemctl: Program = {
  name: 'systemctl',
  options:
    '-t= --type=; --state=; -p= --property=; -a --all; -l --full; --now; --runtime; --user; --system; --global; -f --force; -q --quiet; --no-block; --no-pager; --root=; --no-reload; -H= --host=; -M= --machine=; --no-legend; --plain; --failed; --version; -n= --lines=; -o= --output=; --preset-mode=; --no-wall; --wait; --kill-who=; -s= --signal=',
  action: 'other',
};
export const service: Program = {
  name: 'service',
  options: '--status-all; --full-restart; --help; --version',
  syntax: { order: 'first', short: 'clusters' },
  action: 'run',
};

export const gpg: Program = {
  name: 'gpg',
  options:
    '--batch; --yes; --no-tty; -q --quiet; -v --verbose; --homedir=; --keyserver=; --keyserver-options=; --keyring=; --no-default-keyring; --primary-keyring=; --dearmor; --enarmor; -a --armor; -o= --output=; --import; --export; --export-ownertrust; --import-ownertrust; --verify; -d --decrypt; -e --encrypt; -s --sign; -b --detach-sign; --clearsign; ' +
    '--recv-keys --receive-keys --recv-key --recv; --fetch-keys; --search-keys; --refresh-keys; -k --list-keys; -K --list-secret-keys; --list-packets; --fingerprint; --delete-keys --delete-key; --delete-secret-keys; --gen-key; --full-generate-key; --quick-gen-key; --passphrase=; --passphrase-fd=; --passphrase-file=; --pinentry-mode=; --trust-model=; --always-trust; --trusted-key=; -r= --recipient=; -u= --local-user= --default-key=; -c --symmetric; --cipher-algo=; --digest-algo=; --status-fd=; --logger-fd=; --command-fd=; --no-options; --options=; --with-colons; --with-fingerprint; --no-permission-warning; --no-auto-check-trustdb; --allow-non-selfsigned-uid; --debug-level=; --display-charset=; --import-options=; --export-options=; --show-keys; --no-autostart; --keyid-format=; --edit-key; --lsign-key; --check-sigs; --version; --use-agent; --no-use-agent; -t --textmode; --ignore-time-conflict; --no-secmem-warning; --no-greeting; --interactive -i; --dry-run -n; --require-secmem; --auto-key-retrieve; --auto-key-locate=; --disable-dirmngr; --gen-revoke; --generate-key; --multifile; --no-verbose; --export-secret-keys; --fixed-list-mode; --lock-never; --no-emit-version; --compress-level= -z=; --compress-algo=',
  refine: (call) => {
    const output = call.value('--output');
    const outputs: ShellWord[] = output === undefined || output.unquoted === '-' ? [] : [output];
    const urls = call.has('--fetch-keys') ? call.operands : [];
    if (call.has('--recv-keys') || urls.length > 0) return { action: 'download', writes: ['files'], urls, outputs };
    if (call.has('--verify')) return { action: 'test' };
    return { action: 'other', writes: ['files'], outputs };
  },
};

export const alternatives: Program = {
  name: 'update-alternatives',
  syntax: { order: 'first', short: 'words' },
  options:
    '--altdir=; --admindir=; --log=; --force; --skip-auto; --quiet; --verbose; --debug; --install; --set; --remove; --remove-all; --all; --auto; --display; --list; --config; --query; --get-selections; --set-selections; --slave; --initscript=',
  action: 'other',
  writes: ['files'],
};

const CHECKSUM =
  '-a= --algorithm=; -b --binary; -c --check; -t --text; -z --zero; --ignore-missing; --quiet; --status; --strict; -w --warn; -s; --tag; -p; -0; -U';
export const checksum: Program = {
  name: 'checksum',
  options: CHECKSUM,
  refine: (call) => ({ action: call.has('--check') || call.has('-s') ? 'test' : 'query' }),
};

export const ldconfig: Program = {
  name: 'ldconfig',
  options: '-v --verbose; -n; -N; -X; -f=; -C=; -r=; -l; -p; -c=; -i',
  action: 'other',
  writes: ['files'],
};
export const updateCaCertificates: Program = {
  name: 'update-ca-certificates',
  options: '-v --verbose; -f --fresh; --hooksdir=; --certsconf=; --certsdir=; --localcertsdir=; --etccertsdir=',
  action: 'other',
  writes: ['files'],
};
export const localeGen: Program = {
  name: 'locale-gen',
  options: '--purge; --no-purge; --archive; --no-archive; --aliases=; --lang; --keep-existing',
  action: 'other',
  writes: ['files'],
};
export const setcap: Program = {
  name: 'setcap',
  options: '-q; -v; -r; -n=; -f',
  action: 'change-mode',
  writes: ['files'],
};
export const ssh: Program = {
  name: 'ssh',
  syntax: { order: 'first', short: 'clusters' },
  options:
    '-4; -6; -A; -a; -C; -f; -G; -g; -K; -k; -M; -N; -n; -q; -s; -T; -t; -V; -v; -X; -x; -Y; -y; -B=; -b=; -c=; -D=; -E=; -e=; -F=; -I=; -i=; -J=; -L=; -l=; -m=; -O=; -o=; -p=; -Q=; -R=; -S=; -W=; -w=',
  action: 'run',
};
export const sshKeyscan: Program = {
  name: 'ssh-keyscan',
  options: '-4; -6; -c; -D; -H; -v; -q; -f=; -O=; -p=; -T=; -t=',
  action: 'download',
};
