import type { Family } from './families.ts';

const ROOT = {
  user: 'root',
  workdir: '/',
  names: '',
  entrypoint: [],
  starts: 'prompt',
  healthcheck: false,
  onbuild: false,
  on: 'bare',
} as const;

/** Images of operating systems. Their configs hold PATH and a command at most. */
export const SYSTEM_IMAGES: readonly Family[] = [
  // debuerreotype/docker-debian-artifacts; CMD is `bash` or, before 2018, `/bin/bash`.
  { ...ROOT, repositories: 'debian', system: 'debian' },
  { ...ROOT, repositories: 'bitnami/minideb', system: 'debian', unsure: ['envNames'], has: 'ca-certificates' },
  // partner-images; `ubuntu-upstart` and `ubuntu-debootstrap` are its retired siblings.
  { ...ROOT, repositories: 'ubuntu ubuntu-debootstrap stackbrew/ubuntu ubuntu-core', system: 'ubuntu' },
  {
    ...ROOT,
    repositories: 'ubuntu-upstart',
    system: 'ubuntu',
    on: 'unsure',
    cmd: ['/sbin/init'],
    unsure: ['starts'],
  },
  // alpinelinux/docker-alpine; gliderlabs/docker-alpine adds the script apk-install.
  { ...ROOT, repositories: 'alpine gliderlabs/alpine multiarch/alpine', system: 'alpine' },
  // docker-library/busybox: uclibc unless the tag says otherwise.
  {
    ...ROOT,
    repositories: 'busybox quay.io/prometheus/busybox progrium/busybox',
    system: 'busybox',
    when: [
      ['glibc', { libc: 'glibc' }],
      ['musl', { libc: 'musl' }],
    ],
  },
  { ...ROOT, repositories: 'centos quay.io/centos/centos registry.centos.org/centos/centos', system: 'centos' },
  {
    ...ROOT,
    repositories: 'centos/systemd',
    system: 'centos',
    release: '7',
    on: 'unsure',
    names: 'container',
    unsure: ['starts'],
  },
  {
    ...ROOT,
    repositories: 'fedora registry.fedoraproject.org/fedora quay.io/fedora/fedora',
    system: 'fedora',
    names: 'DISTTAG FGC FBR container',
  },
  // sclorg/almalinux and resf/rocky images: dnf, curl or curl-minimal.
  {
    ...ROOT,
    repositories:
      'rockylinux rockylinux/rockylinux almalinux quay.io/rockylinux/rockylinux quay.io/almalinuxorg/almalinux',
    system: 'centos',
    release: '8',
    unsure: ['os'],
    when: [['minimal', { packageManager: 'microdnf' }]],
  },
  { ...ROOT, repositories: 'amazonlinux public.ecr.aws/amazonlinux/amazonlinux', system: 'amazonlinux' },
  {
    ...ROOT,
    repositories: 'oraclelinux ghcr.io/oracle/oraclelinux container-registry.oracle.com/os/oraclelinux',
    system: 'oraclelinux',
    when: [['slim >=8 <100', { packageManager: 'microdnf' }]],
  },
  // Red Hat's UBI, catalog.redhat.com: yum in 7, dnf from 8 on; minimal has microdnf, micro has no package manager.
  ...(['7', '8', '9', '10'] as const).flatMap((release): Family[] => {
    const at = `registry.access.redhat.com/ubi${release}`;
    const io = `registry.redhat.io/ubi${release}`;
    const ubi = { ...ROOT, system: 'ubi', release, names: 'container' } as const;
    return [
      { ...ubi, repositories: `${at} ${at}/ubi ${io}/ubi redhat/ubi${release}` },
      {
        ...ubi,
        repositories: `${at}-init ${at}/ubi-init ${io}/ubi-init redhat/ubi${release}-init`,
        on: 'unsure',
        cmd: ['/sbin/init'],
        unsure: ['starts'],
      },
      {
        ...ubi,
        repositories: `${at}-minimal ${at}/ubi-minimal ${io}/ubi-minimal redhat/ubi${release}-minimal`,
        packageManager: 'microdnf',
      },
      {
        ...ubi,
        repositories: `${at}-micro ${at}/ubi-micro ${io}/ubi-micro redhat/ubi${release}-micro`,
        packageManager: 'none',
        on: 'unsure',
        has: 'bash',
        lacks: 'curl wget git gcc make python python3 node perl sudo',
      },
    ];
  }),
  { ...ROOT, repositories: 'opensuse opensuse/leap opensuse/tumbleweed', system: 'opensuse', unsure: ['envNames'] },
  { ...ROOT, repositories: 'archlinux archlinux/archlinux archlinux/base', system: 'archlinux', unsure: ['envNames'] },
  { repositories: 'base/archlinux base/devel', system: 'archlinux', user: 'root', starts: 'prompt' },
  // docker-library/buildpack-deps: `curl`, `scm` and the full set.
  {
    ...ROOT,
    repositories: 'buildpack-deps',
    system: 'apt',
    on: 'buildpack',
    when: [
      ['curl', { on: 'curl' }],
      ['scm', { on: 'scm' }],
    ],
  },
  // Debian and Ubuntu for testing and security work.
  {
    repositories: 'kalilinux/kali-linux-docker kalilinux/kali-rolling',
    system: 'debian',
    user: 'root',
    starts: 'prompt',
    toolchain: false,
    unsure: ['os'],
  },
  {
    repositories: 'bash',
    system: 'alpine',
    user: 'root',
    entrypoint: ['docker-entrypoint.sh'],
    cmd: ['bash'],
    starts: 'prompt',
    toolchain: false,
    has: 'bash',
    healthcheck: false,
    onbuild: false,
  },
  // bazelbuild/rules_docker era and today's GoogleContainerTools/distroless: no shell at all, except in debug tags.
  ...distroless('static', { libc: 'none', entrypoint: [] }),
  ...distroless('base', { libc: 'glibc', entrypoint: [] }),
  ...distroless('base-nossl', { libc: 'glibc', entrypoint: [] }),
  ...distroless('cc', { libc: 'glibc', entrypoint: [] }),
  ...distroless('nodejs', { libc: 'glibc', entrypoint: ['/nodejs/bin/node'], has: 'node' }),
  ...distroless('python', { libc: 'glibc', has: 'python python3' }),
  ...distroless('python3', { libc: 'glibc', has: 'python3' }),
  ...distroless('java', { libc: 'glibc', entrypoint: ['/usr/bin/java', '-jar'] }),
  ...distroless('java-base', { libc: 'glibc', entrypoint: [] }),
  // Chainguard's directory: non-root 65532 in every image of theirs but the base system.
  {
    repositories: 'cgr.dev/chainguard/wolfi-base',
    system: 'wolfi',
    user: 'root',
    packageManager: 'apk',
    sh: 'ash',
    shell: ['/bin/sh', '-c'],
    has: 'wget',
  },
  {
    repositories: 'cgr.dev/chainguard/static cgr.dev/chainguard/glibc-dynamic cgr.dev/chainguard/cc-dynamic',
    system: 'wolfi',
    user: '65532',
    shell: null,
    sh: null,
    packageManager: 'none',
    lacks: 'curl wget bash git gcc make python python3 node perl sudo',
  },
  { repositories: 'cgr.dev/chainguard/*', system: 'wolfi', user: '65532', when: [['dev', { packageManager: 'apk' }]] },
];

/** A distroless image, plain and with its Debian release in the name (`static-debian12`). */
function distroless(name: string, traits: Partial<Family>): Family[] {
  const base: Family = {
    repositories: '',
    system: 'distroless',
    on: 'bare',
    user: 'root',
    workdir: '/',
    names: 'SSL_CERT_FILE LANG',
    healthcheck: false,
    onbuild: false,
    toolchain: false,
    when: [
      ['nonroot', { user: '65532', workdir: '/home/nonroot' }],
      ['debug', { unsure: ['shell', 'sh', 'entrypoint', 'cmd', 'has'] }],
    ],
    ...traits,
  };
  const at = `gcr.io/distroless/${name}`;
  const versions =
    name === 'nodejs' ? ['', '18', '20', '22', '24', '26'] : name === 'java' ? ['', '11', '17', '21', '25'] : [''];
  const plain: Family = { ...base, repositories: versions.map((version) => `${at}${version}`).join(' ') };
  return [
    plain,
    ...['9', '10', '11', '12', '13'].map((release): Family => {
      const repositories = versions.map((version) => `${at}${version}-debian${release}`).join(' ');
      return { ...base, repositories, release };
    }),
  ];
}
