import { atLeast, type NamedSystem } from './tag.ts';
import type { ImageUser, Libc, PackageManager } from './types.ts';

/** Systems that images of the table rest on. `apt`: Debian or Ubuntu, the tag does not say which. */
export type SystemName =
  | Exclude<NamedSystem['name'], 'other' | 'rhel'>
  | 'apt'
  | 'ubi'
  | 'busybox'
  | 'opensuse'
  | 'archlinux'
  | 'wolfi'
  | 'distroless'
  | 'scratch'
  | 'unknown';

/**
 * What an operating system's own image is like. The first part passes on to every image made from it, the second (`bare`)
 * only to images that add nothing to it.
 */
export interface System {
  readonly libc?: Libc;
  readonly packageManager?: PackageManager;
  readonly sh?: 'dash' | 'ash' | 'bash' | null;
  readonly shell?: readonly string[] | null;
  readonly bare: {
    readonly users?: readonly ImageUser[];
    readonly cmd?: readonly string[];
    readonly has?: string;
    readonly lacks?: string;
  };
}

const SH = ['/bin/sh', '-c'];
const LACKING = 'curl wget nc git gcc make python python3 node sudo ca-certificates';

function rpmBased(packageManager: PackageManager, has = 'bash curl', lacks = 'wget nc git gcc make node sudo'): System {
  return { libc: 'glibc', packageManager, sh: 'bash', shell: SH, bare: { users: [], has, lacks } };
}

/** Debian and Ubuntu: /bin/sh is dash since squeeze and 6.10 (wiki.debian.org/Shell, wiki.ubuntu.com/DashAsBinSh). */
function aptBased(lacks: string, users: readonly ImageUser[] | undefined = []): System {
  return {
    libc: 'glibc',
    packageManager: 'apt',
    sh: 'dash',
    shell: SH,
    bare: { ...(users === undefined ? {} : { users }), has: 'bash perl', lacks },
  };
}

/**
 * The system by name and release. Sources: the debootstrap variants and package manifests of debuerreotype, Ubuntu's
 * cloud images, alpinelinux/docker-alpine, the kickstarts of CentOS, Red Hat's UBI documentation.
 */
export function system(name: SystemName, release: string | undefined): System {
  const version = release?.split('.').map(Number);
  switch (name) {
    case 'debian':
      return aptBased(LACKING);
    case 'ubuntu': {
      if (version === undefined) return aptBased('git gcc make node', undefined);
      // Before 16.04 the image held ubuntu-minimal: Python 3, sudo and more. Since 23.04 it has an account of its own.
      const old = !atLeast(version, [16, 4]);
      return aptBased(
        old ? 'git gcc make node' : LACKING,
        atLeast(version, [23, 4]) ? [{ name: 'ubuntu', uid: 1000, gid: 1000 }] : [],
      );
    }
    case 'apt':
      return aptBased('', undefined);
    case 'alpine':
      return {
        libc: 'musl',
        packageManager: 'apk',
        sh: 'ash',
        shell: SH,
        bare: {
          users: [],
          cmd: ['/bin/sh'],
          has: 'wget nc',
          lacks: 'bash curl git gcc make python python3 node perl sudo',
        },
      };
    case 'wolfi':
      return { libc: 'glibc', bare: {} };
    case 'centos':
      // `latest` stays at 8, the last there was.
      return version === undefined || atLeast(version, [8]) ? rpmBased('dnf') : rpmBased('yum', 'bash curl python');
    case 'fedora':
      return rpmBased(version === undefined || atLeast(version, [22]) ? 'dnf' : 'yum', 'bash', 'gcc make git node');
    case 'amazonlinux': {
      // 1 goes by years (2016.09 to 2018.03), 2 by itself, then years again; `latest` is 2023.
      const yearly = version === undefined || (atLeast(version, [2022]) && version[0] !== 1 && version[0] !== 2);
      return rpmBased(yearly ? 'dnf' : 'yum');
    }
    case 'oraclelinux':
      if (version === undefined) return { libc: 'glibc', sh: 'bash', shell: SH, bare: { users: [], has: 'bash curl' } };
      return rpmBased(atLeast(version, [8]) ? 'dnf' : 'yum');
    case 'ubi':
      return rpmBased(version !== undefined && !atLeast(version, [8]) ? 'yum' : 'dnf');
    case 'opensuse':
      return { libc: 'glibc', packageManager: 'zypper', sh: 'bash', shell: SH, bare: { users: [], has: 'bash' } };
    case 'archlinux':
      return { libc: 'glibc', packageManager: 'pacman', sh: 'bash', shell: SH, bare: { has: 'bash curl' } };
    case 'busybox':
      return {
        packageManager: 'none',
        sh: 'ash',
        shell: SH,
        bare: { users: [], cmd: ['sh'], has: 'wget nc', lacks: 'bash curl git gcc make python python3 node perl sudo' },
      };
    case 'distroless':
    case 'scratch': {
      const nothing = `bash perl ${LACKING.replace(name === 'distroless' ? ' ca-certificates' : '', '')}`;
      return {
        ...(name === 'scratch' ? { libc: 'none' as const } : {}),
        packageManager: 'none',
        sh: null,
        shell: null,
        bare: { users: name === 'scratch' ? [] : [{ name: 'nonroot', uid: 65532, gid: 65532 }], lacks: nothing },
      };
    }
    case 'windows':
      // Which of cmd and powershell reads a RUN differs between images; neither is a POSIX shell.
      return { libc: 'none', packageManager: 'none', shell: ['cmd', '/S', '/C'], bare: {} };
    case 'unknown':
      return { bare: {} };
  }
}
