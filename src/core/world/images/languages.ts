import type { Family } from './families.ts';

const OFFICIAL = { user: 'root', healthcheck: false, onbuild: false } as const;
/** `*-onbuild` tags (retired in 2018) carry triggers, a directory and a command of their own. */
const ONBUILD = ['onbuild', { onbuild: true, workdir: '/usr/src/app', unsure: ['cmd', 'envNames'] }] as const;
const FULL = ['!slim !alpine', { on: 'buildpack' }] as const;
const JAVA_NAMES =
  'LANG LC_ALL LANGUAGE JAVA_HOME JAVA_VERSION JAVA_DEBIAN_VERSION JAVA_ALPINE_VERSION CA_CERTIFICATES_JAVA_VERSION JAVA_URL_VERSION JAVA_BASE_URL JAVA_URL JAVA_SHA256';

const JAVA = {
  ...OFFICIAL,
  system: 'debian',
  on: 'bare',
  workdir: '/',
  names: JAVA_NAMES,
  entrypoint: [],
  when: [
    ['!slim !alpine', { on: 'scm' }],
    ['!slim !alpine jre', { on: 'curl' }],
    ['alpine', { unsure: ['env', 'has'] }],
    ['slim', { unsure: ['has'] }],
    // Oracle Linux in its slim form: yum in 7, microdnf since 8.
    ['oraclelinux', { on: 'unsure', unsure: ['packageManager'] }],
  ],
} satisfies Partial<Family>;

/** Images of languages. Sources: the Dockerfiles of the repositories named, all their history until August 2026. */
export const LANGUAGES: readonly Family[] = [
  // nodejs/docker-node. The account came in December 2016, the entrypoint with 8.16, 10.15 and 11.12.
  {
    ...OFFICIAL,
    repositories: 'node',
    suites: 'node',
    system: 'debian',
    on: 'bare',
    workdir: '/',
    users: [{ name: 'node', uid: 1000, gid: 1000 }],
    names: 'NODE_VERSION YARN_VERSION NPM_VERSION NPM_CONFIG_LOGLEVEL',
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['node'],
    has: 'node',
    when: [
      FULL,
      ['slim <15', { unsure: ['has'] }],
      ['<5', { unsure: ['users'] }],
      ['>=6 <6.10', { unsure: ['users'] }],
      ['>=5 <6', { users: [] }],
      ['<8', { entrypoint: [] }],
      ['>=8 <9', { unsure: ['entrypoint'] }],
      ['>=9 <10', { entrypoint: [] }],
      ['>=10 <12', { unsure: ['entrypoint'] }],
      ['onbuild', { onbuild: true, workdir: '/usr/src/app', cmd: ['npm', 'start'], unsure: ['envNames'] }],
    ],
  },
  {
    ...OFFICIAL,
    repositories: 'iojs',
    system: 'debian',
    release: '8',
    on: 'bare',
    cmd: ['iojs'],
    entrypoint: [],
    has: 'node',
    when: [FULL, ONBUILD],
  },
  // docker-library/python. pip's names of versions came and went.
  {
    ...OFFICIAL,
    repositories: 'python',
    suites: 'python',
    system: 'debian',
    on: 'bare',
    workdir: '/',
    path: '/usr/local/bin',
    names:
      'LANG GPG_KEY PYTHON_VERSION PYTHON_RELEASE PYTHON_SHA256 PYTHON_PIP_VERSION PYTHON_SETUPTOOLS_VERSION PYTHON_WHEEL_VERSION PYTHON_GET_PIP_URL PYTHON_GET_PIP_SHA256 PYTHONIOENCODING',
    entrypoint: [],
    cmd: ['python3'],
    has: 'python python3 ca-certificates',
    when: [
      FULL,
      ['<3', { cmd: ['python2'], has: 'python' }],
      ['<3.7', { unsure: ['has', 'env'] }],
      ['!slim !alpine <3.7', { on: 'buildpack' }],
      ONBUILD,
    ],
  },
  // docker-library/golang: Debian's is on buildpack-deps:scm with g++, gcc, make; Alpine's has neither git nor gcc.
  {
    ...OFFICIAL,
    repositories: 'golang',
    suites: 'golang',
    system: 'debian',
    on: 'bare',
    workdir: '/go',
    path: '/go/bin:/usr/local/go/bin',
    env: { GOPATH: '/go' },
    names:
      'GOLANG_VERSION GOLANG_DOWNLOAD_URL GOLANG_DOWNLOAD_SHA256 GOLANG_DOWNLOAD_SHA1 GOLANG_SRC_URL GOLANG_SRC_SHA256 GOLANG_SRC_SHA1 GOTOOLCHAIN',
    entrypoint: [],
    cmd: ['bash'],
    toolchain: true,
    has: 'ca-certificates',
    when: [
      ['!alpine', { on: 'scm', has: 'gcc make' }],
      ['alpine', { cmd: ['/bin/sh'] }],
      ['<1.16', { unsure: ['cmd'] }],
      ['onbuild', { onbuild: true, workdir: '/go/src/app', cmd: ['go-wrapper', 'run'] }],
      ['>=1.21', { env: { GOPATH: '/go', GOTOOLCHAIN: 'local' } }],
    ],
  },
  // docker-library/ruby.
  {
    ...OFFICIAL,
    repositories: 'ruby',
    suites: 'ruby',
    system: 'debian',
    on: 'bare',
    workdir: '/',
    path: '/usr/local/bundle/bin',
    names:
      'LANG RUBY_MAJOR RUBY_VERSION RUBY_DOWNLOAD_URL RUBY_DOWNLOAD_SHA256 RUBYGEMS_VERSION BUNDLER_VERSION GEM_HOME GEM_PATH BUNDLE_PATH BUNDLE_PATH__SYSTEM BUNDLE_BIN BUNDLE_SILENCE_ROOT_WARNING BUNDLE_APP_CONFIG',
    entrypoint: [],
    cmd: ['irb'],
    when: [
      FULL,
      ['slim', { unsure: ['has'] }],
      ['alpine', { unsure: ['has'] }],
      ['<3', { unsure: ['env'] }],
      ['onbuild', { onbuild: true, workdir: '/usr/src/app' }],
    ],
  },
  { ...OFFICIAL, repositories: 'rails', system: 'debian', release: '8', on: 'unsure', when: [ONBUILD] },
  // docker-library/php: curl stays, PHPIZE_DEPS (gcc, make, …) stay on Debian, go on Alpine.
  {
    ...OFFICIAL,
    repositories: 'php',
    suites: 'php',
    system: 'debian',
    on: 'unsure',
    workdir: '/',
    names:
      'PHPIZE_DEPS PHP_INI_DIR PHP_CFLAGS PHP_CPPFLAGS PHP_LDFLAGS GPG_KEYS PHP_VERSION PHP_URL PHP_ASC_URL PHP_SHA256 PHP_MD5 PHP_FILENAME PHP_EXTRA_CONFIGURE_ARGS PHP_EXTRA_BUILD_DEPS APACHE_CONFDIR APACHE_ENVVARS PHP_PDO_PATCH_URL PHP_PDO_PATCH_SHA256',
    entrypoint: ['docker-php-entrypoint'],
    cmd: ['php', '-a'],
    has: 'ca-certificates',
    when: [
      ['apache', { workdir: '/var/www/html', cmd: ['apache2-foreground'] }],
      ['fpm', { workdir: '/var/www/html', cmd: ['php-fpm'] }],
      ['!alpine', { has: 'curl gcc make bash perl', lacks: 'git wget', toolchain: true }],
      ['alpine', { has: 'wget', lacks: 'git', unsure: ['toolchain'] }],
      ['<7.1', { unsure: ['entrypoint', 'has', 'toolchain'] }],
    ],
  },
  // docker-library/openjdk; `java` is its name until 2016. Since 12 the default rests on Oracle Linux, `latest` too.
  { ...JAVA, repositories: 'java', unsure: ['os'] },
  {
    ...JAVA,
    repositories: 'openjdk',
    suites: 'openjdk',
    when: [
      ...JAVA.when,
      ['!slim !alpine unversioned', { system: 'unknown', on: 'unsure', libc: 'glibc', shell: ['/bin/sh', '-c'] }],
      ['!slim !alpine >=12 <1000', { system: 'oraclelinux', on: 'unsure' }],
    ],
  },
  // adoptium/containers, corretto/corretto-docker.
  {
    ...OFFICIAL,
    repositories: 'eclipse-temurin',
    system: 'ubuntu',
    on: 'unsure',
    workdir: '/',
    path: '/opt/java/openjdk/bin',
    names: 'JAVA_HOME LANG LANGUAGE LC_ALL JAVA_VERSION',
    env: { JAVA_HOME: '/opt/java/openjdk' },
  },
  {
    ...OFFICIAL,
    repositories: 'amazoncorretto',
    system: 'amazonlinux',
    on: 'unsure',
    names: 'LANG JAVA_HOME version',
  },
  { ...OFFICIAL, repositories: 'adoptopenjdk', system: 'ubuntu', on: 'unsure' },
  {
    ...OFFICIAL,
    repositories: 'adoptopenjdk/openjdk8 adoptopenjdk/openjdk11 adoptopenjdk/openjdk13',
    system: 'ubuntu',
    on: 'unsure',
  },
  // carlossg/docker-maven, keeweb/docker-gradle: on openjdk (Debian) until 2022, on temurin (Ubuntu) since.
  {
    ...OFFICIAL,
    repositories: 'maven',
    system: 'apt',
    on: 'unsure',
    entrypoint: ['/usr/local/bin/mvn-entrypoint.sh'],
    cmd: ['mvn'],
    toolchain: true,
    when: [
      ['onbuild', { onbuild: true }],
      ['amazoncorretto', { system: 'amazonlinux' }],
    ],
  },
  {
    repositories: 'gradle',
    system: 'apt',
    toolchain: true,
    cmd: ['gradle'],
    users: [{ name: 'gradle', uid: 1000, gid: 1000 }],
    healthcheck: false,
    onbuild: false,
    when: [
      ['>=5', { user: 'root' }],
      ['<5', { user: 'gradle' }],
    ],
  },
  {
    ...OFFICIAL,
    repositories: 'tomcat',
    system: 'apt',
    workdir: '/usr/local/tomcat',
    path: '/usr/local/tomcat/bin',
    entrypoint: [],
    cmd: ['catalina.sh', 'run'],
    unsure: ['env', 'entrypoint'],
  },
  // rust-lang/docker-rust.
  {
    ...OFFICIAL,
    repositories: 'rust',
    suites: 'rust',
    system: 'debian',
    on: 'bare',
    workdir: '/',
    path: '/usr/local/cargo/bin',
    env: { CARGO_HOME: '/usr/local/cargo', RUSTUP_HOME: '/usr/local/rustup' },
    names: 'RUST_VERSION',
    entrypoint: [],
    toolchain: true,
    has: 'gcc ca-certificates',
    when: [FULL],
  },
  // Languages on buildpack-deps, per their repositories in docker-library/official-images.
  {
    ...OFFICIAL,
    repositories: 'perl gcc erlang elixir haskell',
    system: 'debian',
    on: 'bare',
    when: [
      ['!slim !alpine', { on: 'buildpack' }],
      ['slim', { on: 'unsure' }],
      ['alpine', { on: 'unsure' }],
    ],
  },
  {
    ...OFFICIAL,
    repositories: 'pypy clojure jruby julia mono r-base swipl',
    system: 'debian',
    on: 'unsure',
    when: [['unversioned', { unsure: ['os'] }]],
  },
  {
    ...OFFICIAL,
    repositories: 'swift',
    system: 'ubuntu',
    on: 'unsure',
    toolchain: true,
    when: [['slim', { toolchain: false }]],
  },
  { ...OFFICIAL, repositories: 'google/golang google/nodejs google/dart google/python google/ruby', system: 'debian' },
  // rust-lang/docker-rust-nightly, crystal-lang/distribution-scripts, clux and emk's musl builders.
  { ...OFFICIAL, repositories: 'rustlang/rust', system: 'debian', on: 'unsure', toolchain: true },
  { ...OFFICIAL, repositories: 'crystallang/crystal clux/muslrust', system: 'ubuntu', toolchain: true },
  { repositories: 'ekidd/rust-musl-builder', system: 'ubuntu', user: 'rust', toolchain: true, onbuild: false },
  // denoland/deno_docker, oven-sh/bun.
  {
    repositories: 'denoland/deno',
    system: 'debian',
    user: 'root',
    users: [{ name: 'deno', uid: 1993, gid: 1993 }],
    healthcheck: false,
    onbuild: false,
  },
  {
    repositories: 'oven/bun',
    system: 'debian',
    user: 'root',
    users: [{ name: 'bun', uid: 1000, gid: 1000 }],
    workdir: '/home/bun/app',
    entrypoint: ['/usr/local/bin/docker-entrypoint.sh'],
    cmd: ['/usr/local/bin/bun'],
    healthcheck: false,
    onbuild: false,
  },
  // astral-sh/uv: the plain image is from scratch, others name their system.
  {
    repositories: 'ghcr.io/astral-sh/uv',
    system: 'scratch',
    user: 'root',
    on: 'bare',
    workdir: '/io',
    unsure: ['env', 'envNames', 'entrypoint', 'cmd', 'workdir'],
    healthcheck: false,
    onbuild: false,
    when: [['python', { system: 'unknown', on: 'unsure', unsure: ['user', 'shell', 'sh', 'workdir'] }]],
  },
  {
    repositories: 'composer composer/composer',
    user: 'root',
    healthcheck: false,
    onbuild: false,
    entrypoint: ['/docker-entrypoint.sh'],
    has: 'git',
    system: 'unknown',
    workdir: '/app',
    when: [['>=1.5', { system: 'alpine' }]],
  },
];
