import { describe, expect, test } from 'vitest';
import { type Invocation, interpret, type Lookups, variableBefore } from '../../../../src/core/language/shell/index.ts';
import { commandOf, scriptOf } from './marked.ts';

function read(text: string, lookups?: Lookups): Invocation {
  const invocation = interpret(commandOf(text), lookups);
  if (invocation === undefined) throw new Error(`no table for ${text}`);
  return invocation;
}

const packagesOf = (text: string, lookups?: Lookups) =>
  read(text, lookups).packages.map(({ name, version, source }) =>
    [source === 'registry' ? '' : `${source}:`, name, version === undefined ? '' : ` ${version}`].join(''),
  );
const optionsOf = (text: string) =>
  read(text).options.map(({ name, value }) => (value === undefined ? name : `${name}=${value.text}`));

describe('packages', () => {
  test.each([
    [
      'apt-get install -y -t bookworm-backports curl=7.88* git/stable ./x.deb libc6:i386',
      ['curl 7.88*', 'git', 'file:./x.deb', 'libc6:i386'],
    ],
    [
      'apt-get -qqy --no-install-recommends install -oDpkg::Use-Pty=0 -o Acquire::Retries=3 "pkg-${VER}" foo',
      ['pkg-${VER}', 'foo'],
    ],
    ['apt install -t=stable foo="1.2"', ['foo 1.2']],
    ['apt-get install $buildDeps gcc', ['gcc']],
    [
      'apk add --no-cache -t .build-deps -X https://x.test/main "gcc~=12" musl-dev=1.2-r0 py3-pip@edge',
      ['gcc ~=12', 'musl-dev 1.2-r0', 'py3-pip'],
    ],
    ['apk --virtual .deps add gcc', ['gcc']],
    [
      'yum install -y --enablerepo=epel --setopt tsflags=nodocs httpd-2.4.6 java-1.8.0-openjdk gcc-c++ https://x.test/y.rpm',
      ['httpd 2.4.6', 'java-1.8.0-openjdk', 'gcc-c++', 'url:https://x.test/y.rpm'],
    ],
    ['zypper -n install --no-recommends -r repo foo=1.2 bar', ['foo 1.2', 'bar']],
    ['pacman -Sy --noconfirm --needed git base-devel', ['git', 'base-devel']],
    [
      'pip install --index-url https://x.test/simple -c constraints.txt "flask[async]==2.0" \'django>=3,<4\' requests',
      ['flask ==2.0', 'django >=3,<4', 'requests'],
    ],
    [
      'pip3 install -r requirements.txt -e . .[dev] ./pkg git+https://x.test/y.git x.whl',
      [
        'project:.[dev]',
        'file:./pkg',
        'url:git+https://x.test/y.git',
        'file:x.whl',
        'requirements:requirements.txt',
        'project:.',
      ],
    ],
    ['python3.11 -m pip install -U pip setuptools==65', ['pip', 'setuptools ==65']],
    ['$VENV/bin/pip install foo', ['foo']],
    ['uv pip install --system -r req.txt ruff==0.1', ['ruff ==0.1', 'requirements:req.txt']],
    ['uv add ruff@0.1', ['ruff 0.1']],
    ['pipenv install --system --deploy', []],
    ['poetry add -G dev pytest@^7', ['pytest ^7']],
    ['conda install -y -c conda-forge numpy=1.2 "scipy>=1" -n base', ['numpy 1.2', 'scipy >=1']],
    [
      'npm install -g --registry https://x.test @vue/cli@4 typescript user/repo ./local a@npm:b@1',
      ['@vue/cli 4', 'typescript', 'url:user/repo', 'file:./local', 'a npm:b@1'],
    ],
    ['npm i --registry=https://x.test express', ['express']],
    ['npm ci', []],
    ['yarn global add serve@13', ['serve 13']],
    ['pnpm add -D --filter api vite', ['vite']],
    ['go get -u github.com/x/y@v1.2 ./...', ['github.com/x/y v1.2', 'project:./...']],
    ['go install -ldflags "-s -w" golang.org/x/tools/gopls@latest', ['golang.org/x/tools/gopls latest']],
    ['gem install bundler:2.0 rake -v 12 --no-document', ['bundler 2.0', 'rake']],
    ['cargo install --version 1.2 ripgrep', ['ripgrep']],
    ['composer require --dev vendor/x:^1.0', ['vendor/x ^1.0']],
    ['dpkg -i a.deb ./b.deb', ['file:a.deb', 'file:./b.deb']],
    ['pecl install redis-5.3.7 xdebug', ['redis 5.3.7', 'xdebug']],
  ])('%s', (text, expected) => {
    expect(packagesOf(text)).toEqual(expected);
  });

  test('variables that the caller knows are resolved, each package at the word that names it', () => {
    const env = (name: string) => ({ DEPS: 'gcc make', V: '1.2' })[name];
    expect(packagesOf('apt-get install $DEPS curl=${V} "$DEPS"', { env })).toEqual([
      'gcc',
      'make',
      'curl 1.2',
      'gcc make',
    ]);
    expect(read('apt-get install $DEPS', { env })).toMatchObject({
      complete: true,
      packages: [{ word: { span: [16, 21] } }, { word: { span: [16, 21] } }],
    });
    expect(read('apt-get install $OTHER', { env })).toMatchObject({ complete: false, packages: [] });
  });

  test('a script gives variables itself', () => {
    const script = scriptOf("a='gcc make' && export B=x && (C=1) && if t; then D=1; fi && apt-get install $a; a=late");
    const before = (name: string) =>
      variableBefore(
        script,
        script.commands.findIndex(({ program }) => program === 'apt-get'),
        name,
      );
    expect(['a', 'B', 'C', 'D', 'E'].map(before)).toEqual(['gcc make', 'x', undefined, undefined, undefined]);
  });
});

describe('options', () => {
  test.each([
    [
      'curl -fsSLo out.txt -H "A: b" --retry 3 https://x.test',
      ['--fail', '--silent', '--show-error', '--location', '--output=out.txt', '--header="A: b"', '--retry=3'],
    ],
    ['curl -ofile https://x.test', ['--output=file']],
    [
      'wget -qO- -P/tmp --no-check-certificate https://x.test',
      ['--quiet', '--output-document=-', '--directory-prefix=/tmp', '--no-check-certificate'],
    ],
    ['wget -nv -nc https://x.test', ['-n=v', '-n=c']],
    [
      'tar xzf a.tgz -C /opt --strip-components=1',
      ['--extract', '--gzip', '--file=a.tgz', '--directory=/opt', '--strip-components=1'],
    ],
    ['tar -xf a.tar -C/opt', ['--extract', '--file=a.tar', '--directory=/opt']],
    ['apt-get --no-install-rec install x', ['--no-install-recommends']],
    ['useradd -ms /bin/bash -u 1000 app', ['--create-home', '--shell=/bin/bash', '--uid=1000']],
    ['adduser -D -h /home/app -s /bin/sh -G app app', ['-D', '-h=/home/app', '-s=/bin/sh', '-G=app']],
    ['adduser --disabled-password --gecos "" app', ['--disabled-password', '--gecos=""']],
    [
      'go build -trimpath -ldflags="-s -w" --tags netgo -o /out/app ./cmd',
      ['-trimpath', '-ldflags="-s -w"', '-tags=netgo', '-o=/out/app'],
    ],
    ["sed -i.bak -e 's/a/b/' file", ['--in-place=.bak', "--expression='s/a/b/'"]],
    ['rm -rf -- -x', ['--recursive', '--force']],
    ['make -j4 install', ['--jobs=4']],
    ['python -c "import x" --not-an-option', ['-c="import x"']],
  ])('%s', (text, expected) => {
    expect([...optionsOf(text)].sort()).toEqual([...expected].sort());
    expect(read(text).complete).toBe(true);
  });

  test('a value has its own place', () => {
    const places = (text: string) =>
      read(text).options.flatMap(({ value }) => (value === undefined ? [] : [text.slice(...value.span)]));
    expect(places('apt-get install --target-release=stable -tsid -t old x')).toEqual(['stable', 'sid', 'old']);
    expect(places('pip install "--index-url=https://x.test" y')).toEqual(['https://x.test']);
    expect(places("pip install --index-url='https://x.test' y")).toEqual(["'https://x.test'"]);
  });

  test('what the table does not know is not complete', () => {
    expect(read('apt-get install --frobnicate x').complete).toBe(false);
    expect(read('apt-get frobnicate').complete).toBe(false);
    expect(read('rm $X').complete).toBe(false);
    expect(read('xargs rm -rf').complete).toBe(false);
    expect(read('mkdir -m').complete).toBe(false);
  });
});

describe('what a command does', () => {
  test.each<[string, Partial<Invocation>]>([
    [
      'apt-get update',
      { program: 'apt-get', subcommand: 'update', action: 'update-index', reads: [], writes: ['apt-lists'] },
    ],
    [
      'apt install x',
      { program: 'apt', action: 'install', reads: ['apt-lists'], writes: ['packages', 'apt-archives'] },
    ],
    ['apt-get -y dist-upgrade', { action: 'upgrade', reads: ['apt-lists'] }],
    ['apt-get -s upgrade', { action: 'query', reads: [] }],
    ['apt-get clean', { action: 'clean', clears: ['apt-archives'] }],
    ['apt-get autoclean', { clears: [] }],
    ['apt-get distclean', { clears: ['apt-archives', 'apt-lists'] }],
    ['apt-get purge -y --auto-remove x', { action: 'remove', writes: ['packages'] }],
    ['apk add --no-cache x', { action: 'install', reads: [], writes: ['packages'] }],
    ['apk add -U x', { reads: [], writes: ['packages', 'apk-index'] }],
    ['apk add --update x', { reads: [], writes: ['packages', 'apk-index'] }],
    ['apk add x', { reads: ['apk-index'], writes: ['packages'] }],
    ['apk update', { action: 'update-index', writes: ['apk-index'] }],
    ['dnf -y install x', { writes: ['packages', 'dnf-cache'] }],
    ['dnf clean all', { subcommand: 'clean all', clears: ['dnf-cache'] }],
    ['yum clean packages', { subcommand: 'clean packages', clears: [] }],
    ['microdnf install x', { writes: ['packages', 'yum-cache'] }],
    ['zypper clean', { clears: [] }],
    ['zypper --non-interactive clean --all', { clears: ['zypper-cache'] }],
    ['pacman -Scc', { action: 'clean', clears: ['pacman-cache'] }],
    ['pacman -Scc --noconfirm', { action: 'clean', clears: [] }],
    ['pip install x', { writes: ['files', 'pip-cache'] }],
    ['pip --no-cache-dir install x', { writes: ['files'] }],
    ['PIP_NO_CACHE_DIR=off pip install x', { writes: ['files'] }],
    ['pip cache purge', { subcommand: 'cache purge', clears: ['pip-cache'] }],
    ['uv sync --locked', { writes: ['files', 'uv-cache'] }],
    ['poetry install --no-root', { writes: ['poetry-cache', 'files'] }],
    ['npm ci', { action: 'install', writes: ['npm-cache', 'files'] }],
    ['npm cache clean --force', { clears: ['npm-cache'] }],
    ['npm run build', { subcommand: 'run', action: 'run' }],
    ['yarn', { subcommand: undefined, action: 'install', writes: ['yarn-cache', 'files'] }],
    ['yarn --frozen-lockfile', { action: 'install' }],
    ['yarn cache clean', { clears: ['yarn-cache'] }],
    ['yarn start:prod', { subcommand: 'start:prod', action: 'run', complete: true }],
    ['pnpm store prune', { clears: [] }],
    ['bun pm cache rm', { subcommand: 'pm cache rm', clears: ['bun-cache'] }],
    ['go mod download', { subcommand: 'mod download', writes: ['go-mod-cache'] }],
    ['go clean -modcache -cache', { clears: ['go-mod-cache', 'go-build-cache'] }],
    ['conda clean -afy', { clears: ['conda-pkgs'] }],
    ['conda clean -tipsy', { clears: ['conda-pkgs'] }],
    ['conda clean --tarballs', { clears: [] }],
    ['composer clear-cache', { clears: ['composer-cache'] }],
    ['useradd app', { action: 'create-user', writes: ['users', 'files'] }],
    ['adduser app docker', { action: 'other', writes: ['users'] }],
    ['addgroup -S app', { action: 'create-group' }],
    ['groupadd -r app', { action: 'create-group', writes: ['users'] }],
    ['chown -R a:b /x', { action: 'change-owner' }],
    ['chmod -x /x', { action: 'change-mode', complete: true }],
    ['[ -f /x ]', { program: 'test', action: 'test', complete: true }],
    ['gpg --verify a b', { action: 'test' }],
    ['sha256sum -c -', { action: 'test' }],
    ['sudo -H pip3 install x', { program: 'pip', action: 'install' }],
  ])('%s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  test('settings that the caller knows count', () => {
    const env = (name: string) => (name === 'PIP_NO_CACHE_DIR' ? '1' : undefined);
    expect(read('pip install x', { env }).writes).toEqual(['files']);
    expect(read('PIP_NO_CACHE_DIR= pip install x', { env }).writes).toEqual(['files', 'pip-cache']);
  });

  test.each([
    ['curl -o /a https://x.test/b -L', ['https://x.test/b'], ['/a']],
    ['curl -s https://x.test/b > /c 2>/dev/null', ['https://x.test/b'], ['/c']],
    ['wget -O - https://x.test/b', ['https://x.test/b'], []],
    ['wget https://x.test/$V.tgz -P /tmp', ['https://x.test/$V.tgz'], ['/tmp']],
    ['git clone --depth 1 -b v1 https://x.test/r.git /src', ['https://x.test/r.git'], ['/src']],
    ['tar -xzf a.tgz -C /opt', [], ['/opt']],
    ['tar czf a.tgz /opt', [], ['a.tgz']],
    ['cp -r a b /c', [], ['/c']],
    ['cp -t /c a b', [], ['/c']],
    ['mkdir -p a b', [], ['a', 'b']],
    ['echo x | tee -a /l', [], []],
    ['yum-config-manager --add-repo https://x.test/r.repo', ['https://x.test/r.repo'], []],
  ])('%s', (text, urls, outputs) => {
    const { urls: u, outputs: o } = read(text);
    expect([u.map((word) => word.text), o.map((word) => word.text)]).toEqual([urls, outputs]);
  });

  test('programs without a table, and commands without a program', () => {
    expect(interpret(commandOf('./install.sh'))).toBeUndefined();
    expect(interpret(commandOf('X=1'))).toBeUndefined();
    expect(interpret(commandOf('constructor x'))).toBeUndefined();
    expect(read('npm constructor').complete).toBe(false);
  });
});

describe('caches that rm empties', () => {
  test.each([
    ['rm -rf /var/lib/apt/lists/*', ['apt-lists']],
    ['rm -rf /var/lib/apt/lists/', ['apt-lists']],
    ['rm -r "/var/lib/apt/lists"', ['apt-lists']],
    ['rm -f /var/lib/apt/lists/*', ['apt-lists']],
    ['rm -rf /var/lib/apt', ['apt-lists']],
    ['rm -rf /var/lib/apt/*', ['apt-lists']],
    ['rm -rf /var/lib/apt/lists/partial', []],
    ['rm -rf /var/lib/apt/lists/*_Packages', []],
    ['rm /var/lib/apt/lists', []],
    ['rm -rf "/var/lib/apt/lists/$X"', []],
    ['rm -rf /var/lib/{apt,dpkg,cache}', ['apt-lists']],
    ['rm -rf /var/cache/apt /var/cache/apt/archives/*.deb', ['apt-archives']],
    ['rm -rf /var/cache/*', ['apt-archives', 'apk-index', 'dnf-cache', 'yum-cache', 'zypper-cache', 'pacman-cache']],
    ['rm /var/cache/apk/*', ['apk-index']],
    ['rm -rf /var/cache/yum', ['yum-cache']],
    ['rm -rf ~/.npm', ['npm-cache']],
    ['rm -rf "$HOME/.npm"', ['npm-cache']],
    ['rm -rf ${HOME}/.npm/_cacache', ['npm-cache']],
    [
      'rm -rf /root/.cache',
      ['pip-cache', 'yarn-cache', 'go-build-cache', 'composer-cache', 'uv-cache', 'poetry-cache'],
    ],
    ['rm -rf /root/*', ['go-mod-cache', 'conda-pkgs']],
    ['rm -rf /home/app/.cache/pip', ['pip-cache']],
    ['rm -rf $GOPATH/pkg/mod', ['go-mod-cache']],
    ['rm -rf /tmp/* /var/tmp/*', []],
    ['rm -rf /opt/../var/lib/apt/lists', []],
    ['find /var/lib/apt/lists -type f -delete', ['apt-lists']],
    ["find /var/lib/apt/lists -name '*.gz' -delete", []],
  ])('%s', (text, clears) => {
    expect(interpret(commandOf(text))?.clears).toEqual(clears);
  });
});
