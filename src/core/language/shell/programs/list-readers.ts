import type { ShellCommand } from '../types.ts';
import { BUILD_TARGETS, mayInstall, SYSTEM_BIN, type Told } from './may-install.ts';

const names = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/**
 * Programs without a table that install no Debian package and look into no list, whatever they are told: builtins, compilers
 * and what they work with, and what comes with packages that Dockerfiles install.
 */
const QUIET = names(
  'alias bg break continue declare fg getopts hash jobs let local read readonly return shift shopt trap typeset ulimit unalias wait [[ ' +
    'addr2line ar as autoconf autoheader automake autoreconf autoupdate aclocal bison c++ c++filt cc clang clang++ cpp ctags dos2unix fc flex g++ gcc gfortran ' +
    'gnatmake intltoolize ld libtoolize lld llvm-config m4 msgfmt nasm nm objcopy objdump patch pkg-config ranlib readelf strip swig yasm ' +
    'awk base64 bc cksum cmp comm csplit cpio dd df diff du expand expr factor file fmt fold gawk getconf getent hexdump hostname hostnamectl iconv ' +
    'jq join less logger lsof mawk mkfifo mknod mktemp more mountpoint nl nproc numfmt od paste pr printenv ps readlink realpath rename rev seq sha224sum sha384sum shred ' +
    'shuf split stat strings stty sum sync tac timedatectl truncate tsort tty unix2dos uniq unlink users uuidgen vdir whoami xmllint xmlstarlet xxd yes yq ' +
    '7z 7za 7zr ar bzcat cabextract lz4 lzma p7zip rar uncompress unar unlzma unrar unsquashfs xzcat zcat zip zipinfo zstdcat ' +
    'a2disconf a2dismod a2dissite a2enconf a2enmod a2ensite apache2ctl apachectl phpdismod phpenmod php5dismod php5enmod phpize lighty-enable-mod ' +
    'chage chattr chcon chfn chsh getcap getfacl gpasswd groupmems lsattr newgrp newusers pwconv setfacl visudo vipw ' +
    'crontab debconf-set-selections dpkg-deb dpkg-divert dpkg-query dpkg-reconfigure dpkg-statoverride invoke-rc.d update-rc.d update-locale localedef ' +
    'fc-cache fc-list glib-compile-schemas gtk-update-icon-cache mandb mkfontdir mkfontscale update-desktop-database update-mime-database xdg-settings ' +
    'dbus-uuidgen depmod dircolors locale lsb_release lscpu modprobe mount sysctl tic tzselect udevadm umount ' +
    'gpg-agent gpgconf gpgv keytool openssl ssh-add ssh-agent ssh-keygen sshpass certutil ' +
    'ab ip ifconfig nc ncat netstat nslookup ping ping6 dig host scp sftp ssh-import-id ' +
    'createdb createuser initdb mongo mongoimport mysql mysql_install_db mysqladmin mysqld mysqld_safe mysqldump pg_createcluster pg_ctl pg_ctlcluster pg_dropcluster psql redis-cli sqlite3 ' +
    'cpan cpanm easy_install luarocks pear pipx tlmgr virtualenv pyvenv pyenv rbenv nvm fnm n cabal stack ghcup sdkmanager hg svn bzr git-lfs ' +
    'go-bindata protoc javac jar javadoc jlink rustc ghc ocamlfind mcs tsc webpack esbuild bower sass lessc ' +
    'ffmpeg convert mogrify identify freshclam gcloud aws az kubectl helm jupyter jupyter-labextension jupyter-nbextension jupyter-serverextension ' +
    'docker-php-source install-php-extensions rabbitmq-plugins nginx supervisord java bpftool vim nano emacs',
);

/** What runs code that stands on the command line, by the option that it stands after. */
const INLINE: Readonly<Record<string, RegExp>> = {
  node: /^(?:-[ep]|--eval|--print)$/,
  perl: /^-[\w.]*[eE]$/,
  php: /^-r$/,
  python: /^-[A-Za-z]*c$/,
  R: /^-e$/,
  Rscript: /^-e$/,
  ruby: /^-[a-z]*e$/,
};

/** Code that may start another program, or installs what packages of R need of the system. */
const STARTS_PROGRAMS = /\bapt\b|\bsystem|subprocess|\bpopen|\bspawn|\bexec|passthru|child_process|`|\bpak\b|sysreqs/i;

/** Programs with a table that run what the project says. */
const RUNS_PROJECT = names('node npm npx pnpm yarn bun bunx composer bundle poetry pipenv uv go cargo dotnet');
const MANAGES =
  /^(?:install|upgrade|remove|clean|download|query|update-index|delete|build|other|extract|create-user|change-mode|change-owner)$/;

/** What an environment of a language brings: its programs are found by name. */
const ENVIRONMENT = /\/bin\/[^/.]*$/;

const GOALS =
  /^(?:-.*|(?::?[\w-]+:)*(?:assemble|build|bootJar|check|classes|clean|compile\w*|copy-dependencies|dependencies|deploy|go-offline|help|installDist|install|jar|package|resolve|shadowJar|tasks|test|verify|war|wrapper))$/;

/** Recipes that compile and clean, as nearly every Makefile has them. */
const COMPILES = /^(?:-.*|\w+=.*|\d+|all|check|test|tests|clean|distclean|modules|\$.*)$/;

/** Sources from elsewhere, or prepared by autoconf or CMake: what their recipes call `install` copies files. */
const BRINGS_SOURCES = /^(?:git|curl|wget|tar|svn|hg|unzip|cmake|meson|[Cc]onfigure|autoreconf)$/;

const GENERATES = /(?:^|\/)(?:autogen(?:\.sh)?|bootstrap(?:\.sh)?|buildconf(?:\.sh)?|waf|b2|bjam)$/;

/** Whether a command brings sources from elsewhere, or prepares them. */
export function bringsSources({ program = '' }: ShellCommand): boolean {
  return BRINGS_SOURCES.test(program);
}

/** True for an interpreter that runs a word of its command line, and that word starts no program. */
function runsInline(name: string, { args }: ShellCommand): boolean {
  const option = INLINE[name];
  const at = option === undefined ? -1 : args.findIndex(({ value }) => value !== undefined && option.test(value));
  const code = args[at + 1];
  return at >= 0 && code !== undefined && !STARTS_PROGRAMS.test(code.text);
}

/** An interpreter or shell that only tells, runs a module or a well-known script of a language's own, or what was read here. */
function runsKnown(name: string, { args }: ShellCommand, partial: boolean): boolean {
  const words = args.map(({ value, unquoted }) => value ?? unquoted);
  if (words.length === 1 && /^(?:--?version|-[vVm]|--help)$/.test(words[0] as string)) return true;
  const first = words.find((word) => !word.startsWith('-')) ?? '';
  switch (name) {
    case 'sh':
    case 'ash':
    case 'bash':
    case 'dash':
      return words.some((word) => /^-[a-z]*c$/.test(word)) && !partial;
    case 'python':
    case 'pypy':
      return words.some((word) => /^-m/.test(word)) || /(?:^|\/)(?:setup|manage|get-pip)\.py$/.test(first);
    case 'php':
      return /(?:^|\/)(?:artisan|composer(?:-setup)?(?:\.phar|\.php)?|console)$|composer/.test(first);
    case 'R':
      return first === 'CMD';
    default:
      return false;
  }
}

/** Where a source of the shell lies that only sets variables, or a version manager. */
const SETS_UP = /(?:^|\/)(?:activate|nvm\.sh|\.?bashrc|\.?profile|env|os-release|setup\.bash|envvars|cargo\/env)$/;

/** What stands around a command in its RUN. */
export interface Around {
  /** Something before it brings sources from elsewhere. */
  readonly sources: boolean;
  /** Not all of its script was read. */
  readonly partial: boolean;
}

/**
 * Whether a command of a RUN may read the package lists of apt without being seen to. Only what is known not to is excused: a program
 * that nobody knows, a script, a recipe of the project may call apt.
 */
export function mayReadPackageLists(told: Told, { sources, partial }: Around): boolean {
  const { command, invocation } = told;
  const { program, programWord, args } = command;
  if (program === undefined) return command.words.length > 0;
  const written = programWord?.unquoted ?? program;
  const name = program.replace(/(?<=[a-z])[\d.]+$/, '');
  if (name === 'make' || name === 'ninja' || name === 'meson' || name === 'scons' || name === 'checkinstall')
    return !(invocation?.operands ?? args).every(({ text }) => (sources ? BUILD_TARGETS : COMPILES).test(text));
  if (invocation !== undefined && !/\.(?:sh|py|rb|pl|php|js)$/.test(written)) return mayRun(told, name, partial);
  if (/\/|\.(?:sh|bash|py|pl|rb|run|bin|php|js)$/.test(written) && !SYSTEM_BIN.test(written)) {
    if (GENERATES.test(written)) return !sources;
    return mayInstall(told) && !(ENVIRONMENT.test(written) && QUIET.has(program));
  }
  if (QUIET.has(program) || QUIET.has(name)) return false;
  if (program === '.' || program === 'source') return !SETS_UP.test(args[0]?.unquoted ?? '');
  return !runsInline(name, command) && !runsKnown(name, command, partial);
}

/** What a program with a table may do besides what the table says. */
function mayRun({ command, invocation }: Told, name: string, partial: boolean): boolean {
  if (invocation === undefined) return true;
  switch (invocation.program) {
    case 'python':
    case 'node':
      return !runsInline(invocation.program, command) && !runsKnown(invocation.program, command, partial);
    case 'gradle':
    case 'mvn':
      return !invocation.operands.every(({ text }) => GOALS.test(text));
    case 'find':
      return (
        invocation.action === 'run' &&
        !command.args.some(({ value }, i) => /^-(?:exec|ok)(?:dir)?$/.test(value ?? '') && isPlain(command.args[i + 1]))
      );
    case 'service':
    case 'systemctl':
      return false;
    default:
      // What follows `bundle exec` and `npm run` is a program or a recipe of the project.
      return invocation.action === 'run' || (RUNS_PROJECT.has(name) && !MANAGES.test(invocation.action));
  }
}

/** A program that `find -exec` is often given. */
function isPlain(word: { readonly value: string | undefined } | undefined): boolean {
  return /^(?:rm|rmdir|chmod|chown|chgrp|sed|strip|mv|cp|ln|touch|grep|cat|echo|test|install|gzip|sh)$/.test(
    word?.value ?? '',
  );
}
