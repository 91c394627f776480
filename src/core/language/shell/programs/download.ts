import type { ShellWord } from '../types.ts';
import type { Call, Program, Subcommand } from './table.ts';

function values(call: Call, ...names: string[]): ShellWord[] {
  return call.options.flatMap(({ name, value }) => (value !== undefined && names.includes(name) ? [value] : []));
}

/** `-` as an output is standard output. */
function isFile(word: ShellWord): boolean {
  return word.unquoted !== '-' && word.unquoted !== '/dev/null';
}

/** Switches and values of curl(1) that scripts use; curl takes no `--long=value`, but reads options anywhere. */
export const curl: Program = {
  name: 'curl',
  syntax: { order: 'anywhere', short: 'clusters', negatable: true },
  options:
    '-o= --output=; -O --remote-name; --remote-name-all; -J --remote-header-name; --output-dir=; --create-dirs; -f --fail; --fail-with-body; --fail-early; -s --silent; -S --show-error; -L --location; --location-trusted; ' +
    '-k --insecure; -#  --progress-bar; --no-progress-meter; -v --verbose; -i --include --show-headers; -I --head; -H= --header=; -A= --user-agent=; -e= --referer=; -b= --cookie=; -c= --cookie-jar=; -j --junk-session-cookies; ' +
    '-d= --data= --data-ascii=; --data-raw=; --data-binary=; --data-urlencode=; --json=; -F= --form=; --form-string=; -G --get; -X= --request=; -T= --upload-file=; -u= --user=; --oauth2-bearer=; -n --netrc; --netrc-file=; --netrc-optional; ' +
    '-x= --proxy=; -U= --proxy-user=; --noproxy=; --socks5=; --socks5-hostname=; -p --proxytunnel; --retry=; --retry-delay=; --retry-max-time=; --retry-connrefused; --retry-all-errors; -m= --max-time=; --connect-timeout=; --speed-limit= -Y=; --speed-time= -y=; ' +
    '--max-redirs=; --max-filesize=; --limit-rate=; -C= --continue-at=; -r= --range=; -z= --time-cond=; -R --remote-time; -w= --write-out=; -D= --dump-header=; --stderr=; --trace=; --trace-ascii=; -K= --config=; -q --disable; -a --append; -N --no-buffer; ' +
    '--compressed; --raw; --tr-encoding; -0 --http1.0; --http1.1; --http2; --http2-prior-knowledge; --http3; -1 --tlsv1; --tlsv1.0; --tlsv1.1; --tlsv1.2; --tlsv1.3; --tls-max=; -2 --sslv2; -3 --sslv3; --ssl; --ssl-reqd; --ciphers=; --tls13-ciphers=; ' +
    '--cacert=; --capath=; -E= --cert=; --cert-type=; --key=; --key-type=; --pass=; --pinnedpubkey=; --proto=; --proto-redir=; --proto-default=; --url=; --resolve=; --connect-to=; --interface=; --dns-servers=; --doh-url=; --unix-socket=; --abstract-unix-socket=; ' +
    '-4 --ipv4; -6 --ipv6; -g --globoff; --path-as-is; -Z --parallel; --parallel-max=; --parallel-immediate; --keepalive-time=; --no-keepalive; --tcp-fastopen; --tcp-nodelay; --anyauth; --basic; --digest; --ntlm; --negotiate; --aws-sigv4=; ' +
    '-B --use-ascii; -l --list-only; -P= --ftp-port=; --ftp-pasv; --ftp-create-dirs; --disable-epsv; -Q= --quote=; -t= --telnet-option=; -h --help; -V --version; -M --manual; --next -:; --etag-save=; --etag-compare=; --crlf; --post301; --post302; --post303; --ssl-no-revoke; --styled-output; --rate=; --variable=; --skip-existing; --no-alpn; --no-npn; --no-sessionid; --no-clobber; --remove-on-error; --xattr; --happy-eyeballs-timeout-ms=; --ca-native; --compressed-ssh; --insecure-proxy --proxy-insecure; --proxy-header=; --proxy-cacert=; --delegation=; --hostpubmd5=; --pubkey=; --preproxy=; --mail-from=; --mail-rcpt=; --login-options=; --local-port=; --keepalive; --progress-meter; --buffer',
  action: 'download',
  writes: ['files'],
  refine: (call) => ({
    urls: [...call.operands, ...values(call, '--url')],
    outputs: values(call, '--output', '--output-dir').filter(isFile),
  }),
};

export const wget: Program = {
  name: 'wget',
  // `-nv`, `-nc`, `-nd` and their like are an `-n` whose letters follow.
  options:
    '-O= --output-document=; -P= --directory-prefix=; -o= --output-file=; -a= --append-output=; -q --quiet; -v --verbose; -n=; --no-verbose; --no-clobber; --no-directories; --no-host-directories; --no-parent; -d --debug; ' +
    '-c --continue; -N --timestamping; -t= --tries=; --retry-connrefused; --retry-on-http-error=; --retry-on-host-error; --waitretry=; -w= --wait=; --random-wait; -T= --timeout=; --dns-timeout=; --connect-timeout=; --read-timeout=; --limit-rate=; ' +
    '--show-progress; --progress=; --no-check-certificate; --ca-certificate=; --ca-directory=; --certificate=; --private-key=; --secure-protocol=; --https-only; --ciphers=; --no-hsts; --hsts-file=; ' +
    '--header=; -U= --user-agent=; --referer=; --user=; --password=; --http-user=; --http-password= --http-passwd=; --ftp-user=; --ftp-password=; --auth-no-challenge; --use-askpass=; --post-data=; --post-file=; --method=; --body-data=; --body-file=; ' +
    '--load-cookies=; --save-cookies=; --keep-session-cookies; --no-cookies; --content-disposition; --trust-server-names; --max-redirect=; --no-proxy; -Y= --proxy=; -e= --execute=; --compression=; --no-cache; --no-dns-cache; --no-use-server-timestamps; --no-glob; --no-passive-ftp; --no-netrc; --no-config; --config=; ' +
    '-r --recursive; -l= --level=; -A= --accept=; -R= --reject=; --accept-regex=; --reject-regex=; -D= --domains=; --exclude-domains=; -I= --include-directories=; -X= --exclude-directories=; -H --span-hosts; -L --relative; -k --convert-links; -K --backup-converted; -p --page-requisites; -m --mirror; -E --adjust-extension; --cut-dirs=; -x --force-directories; --protocol-directories; --delete-after; ' +
    '-i= --input-file=; -F --force-html; -B= --base=; -S --server-response; -s; --spider; -4 --inet4-only; -6 --inet6-only; --prefer-family=; --bind-address=; -b --background; -Q= --quota=; --start-pos=; --unlink; -h --help; -V --version; --ignore-length; --no-http-keep-alive; --no-if-modified-since; --restrict-file-names=; --local-encoding=; --remote-encoding=; --follow-ftp; --follow-tags=; --ignore-tags=; --ignore-case; --xattr; --report-speed=; --default-page=; --preserve-permissions; --convert-file-only; --regex-type=; --save-headers; --backups=?; --no-iri; --egd-file=; --random-file=; --crl-file=; --pinnedpubkey=; --certificate-type=; --private-key-type=; --use-server-timestamps',
  action: 'download',
  writes: ['files'],
  refine: (call) => ({
    urls: call.operands,
    outputs: values(call, '--output-document', '--directory-prefix').filter(isFile),
  }),
};

const gitFetch: Subcommand = {
  action: 'download',
  writes: ['files'],
  options:
    '-q --quiet; -v --verbose; --all; -a --append; --depth=; --deepen=; --unshallow; -f --force; -k --keep; -p --prune; -t --tags; -n --no-tags; -j= --jobs=; --recurse-submodules=?; --no-recurse-submodules; -4; -6; --filter=; -u --update-head-ok; --progress; --rebase=? -r; --no-rebase; --ff-only; --no-edit; -s= --strategy=; -X= --strategy-option=; --allow-unrelated-histories; --shallow-since=; --no-ff; --ff; --no-commit; --squash; --autostash',
  refine: (call) => ({ urls: call.operands.slice(0, 1).filter((word) => /:|^\//.test(word.unquoted)) }),
};

export const git: Program = {
  name: 'git',
  syntax: { order: 'anywhere', short: 'clusters' },
  options:
    '-C=; -c=; --git-dir=; --work-tree=; --namespace=; --exec-path=?; -p --paginate; --no-pager -P; --bare; --no-replace-objects; --literal-pathspecs; --config-env=; -h --help; --version -v',
  action: 'other',
  subcommands: {
    clone: {
      action: 'download',
      writes: ['files'],
      options:
        '-l --local; --no-hardlinks; -s --shared; --reference=; --reference-if-able=; --dissociate; -q --quiet; -v --verbose; --progress; -n --no-checkout; --bare; --sparse; --mirror; -o= --origin=; -b= --branch=; --revision=; -u= --upload-pack=; --template=; -c= --config=; ' +
        '--depth=; --shallow-since=; --shallow-exclude=; --single-branch; --no-single-branch; --no-tags; --tags; --recurse-submodules=? --recursive; --shallow-submodules; --no-shallow-submodules; --remote-submodules; --separate-git-dir=; -j= --jobs=; --filter=; -4 --ipv4; -6 --ipv6; --also-filter-submodules; --server-option=; --bundle-uri=; --ref-format=; --reject-shallow',
      refine: (call) => ({ urls: call.operands.slice(0, 1), outputs: call.operands.slice(1, 2) }),
    },
    fetch: gitFetch,
    pull: gitFetch,
    submodule: {
      action: 'download',
      writes: ['files'],
      options:
        '-q --quiet; --init; --recursive; --remote; --force -f; --depth=; --jobs= -j=; --recommend-shallow; --no-recommend-shallow; --merge; --rebase; --checkout; --reference=; --single-branch; --filter=; --progress; --cached',
    },
    checkout: {
      action: 'other',
      writes: ['files'],
      options:
        '-q --quiet; -f --force; -b=; -B=; -t --track; --detach; -- ; --ours; --theirs; --orphan=; -m --merge; -p --patch; --recurse-submodules; -d; --no-track',
    },
    reset: {
      action: 'other',
      writes: ['files'],
      options: '--hard; --soft; --mixed; --merge; --keep; -q --quiet; -p --patch',
    },
    init: {
      action: 'other',
      writes: ['files'],
      options: '-q --quiet; --bare; -b= --initial-branch=; --template=; --separate-git-dir=; --shared=?',
    },
    config: {
      action: 'other',
      writes: ['files'],
      options:
        '--global; --system; --local; --worktree; -f= --file=; --blob=; --add; --replace-all; --unset; --unset-all; --remove-section; --rename-section; --get; --get-all; --get-regexp; -l --list; -e --edit; --type=; --bool; --int; --path; -z --null; --name-only; --show-origin; --default=',
    },
    apply: { action: 'other', writes: ['files'] },
    add: { action: 'other', writes: ['files'] },
    commit: { action: 'other', writes: ['files'] },
    clean: { action: 'delete', writes: ['files'] },
    lfs: { action: 'download', writes: ['files'] },
    archive: { action: 'other', writes: ['files'] },
    'ls-remote': { action: 'query' },
    describe: { action: 'query' },
    log: { action: 'query' },
    'rev-parse': { action: 'query' },
    status: { action: 'query' },
    diff: { action: 'query' },
    show: { action: 'query' },
    branch: { action: 'other' },
    tag: { action: 'other' },
    remote: { action: 'other' },
    merge: { action: 'other', writes: ['files'] },
  },
};

/** aria2(1). */
export const aria2: Program = {
  name: 'aria2c',
  options:
    '-d= --dir=; -o= --out=; -x= --max-connection-per-server=; -s= --split=; -j= --max-concurrent-downloads=; -k= --min-split-size=; -q --quiet=?; -c --continue=?; -i= --input-file=; -l= --log=; -m= --max-tries=; -t= --timeout=; --file-allocation=; --check-certificate=; --console-log-level=; --allow-overwrite=; --header=; --summary-interval=; --checksum=; --retry-wait=',
  action: 'download',
  writes: ['files'],
  urls: 'operands',
  outputs: { options: ['--dir', '--out'] },
};

/** scp and rsync move files; what they read from elsewhere is no address in the sense of a download. */
export const rsync: Program = {
  name: 'rsync',
  options:
    '-a --archive; -v --verbose; -q --quiet; -r --recursive; -R --relative; -b --backup; -u --update; -l --links; -L --copy-links; -H --hard-links; -p --perms; -E --executability; -A --acls; -X --xattrs; -o --owner; -g --group; -D; -t --times; -O; -S --sparse; -n --dry-run; -x --one-file-system; -e= --rsh=; --delete; --delete-after; --delete-excluded; --exclude=; --exclude-from=; --include=; --include-from=; --files-from=; -z --compress; -P; --progress; --partial; --chown=; --chmod=; --stats; -h --human-readable; -i --itemize-changes; --no-perms --no-p; --no-owner --no-o; --no-group --no-g; --ignore-existing; --size-only; -c --checksum; --remove-source-files; --existing; --timeout=; --bwlimit=; --password-file=; --info=; -m --prune-empty-dirs; -W --whole-file; --inplace; --link-dest=; -f= --filter=; -C --cvs-exclude; -k --copy-dirlinks; -K --keep-dirlinks; --safe-links',
  action: 'other',
  writes: ['files'],
  outputs: { operands: 'last' },
};
