import type { Fact } from '../../vocabulary/index.ts';

/** An image reference, normalised as Docker does: `node` is `docker.io/library/node`. */
export interface ImageReference {
  /** As written. */
  readonly text: string;
  readonly registry: string;
  /** Repository without registry: `library/node`. */
  readonly repository: string;
  /** What people write: `node`, `gcr.io/distroless/static`. */
  readonly familiar: string;
  readonly tag: string | undefined;
  readonly digest: string | undefined;
}

export type Libc = 'glibc' | 'musl' | 'uclibc' | 'none';
export type PackageManager = 'apt' | 'apk' | 'dnf' | 'yum' | 'microdnf' | 'zypper' | 'pacman' | 'none';

/**
 * What an image starts when it is run as it comes: a shell or another prompt that waits for a person, a program that does one
 * thing and ends, a server, or a server that answers over HTTP.
 */
export type ImageStart = 'prompt' | 'tool' | 'server' | 'web-server';

export interface ImageUser {
  readonly name: string;
  readonly uid: number;
  readonly gid: number;
  /** Where it is not `/home/<name>`; `null` where that differs between the image's variants. */
  readonly home?: string | null;
}

/** What is known of an image before it is pulled. Everything that the table does not know is an unknown fact. */
export interface ImageFacts {
  /** Default user as in its config: `root`, `65532`, `node`. */
  readonly user: Fact<string>;
  /** Accounts beyond root and the system's. */
  readonly users: Fact<readonly ImageUser[]>;
  /** SHELL of its config as argv; `null`: it has no shell at all. */
  readonly shell: Fact<readonly string[] | null>;
  /** Which shell `/bin/sh` is; `null`: there is none. */
  readonly sh: Fact<'dash' | 'ash' | 'bash' | null>;
  readonly workdir: Fact<string>;
  /** The variables whose values are known. Says nothing of others: see `envNames`. */
  readonly env: Fact<Readonly<Record<string, string>>>;
  /** Every variable that some version of it sets: a name that is not here is certainly not set. */
  readonly envNames: Fact<readonly string[]>;
  readonly entrypoint: Fact<readonly string[]>;
  readonly cmd: Fact<readonly string[]>;
  /** What it starts by itself; known where the exact command is not, too. */
  readonly starts: Fact<ImageStart>;
  /** Its entrypoint starts as root and gives root up (gosu, su-exec, setpriv) before the service runs. */
  readonly dropsPrivileges: Fact<boolean>;
  readonly healthcheck: Fact<boolean>;
  /** It has ONBUILD triggers. */
  readonly onbuild: Fact<boolean>;
  readonly libc: Fact<Libc>;
  readonly packageManager: Fact<PackageManager>;
  /** Programs of interest that it has or lacks: `curl wget nc bash git gcc make python python3 node perl sudo ca-certificates`. */
  readonly has: (program: string) => Fact<boolean>;
  /** `debian:12`, `alpine:3.22`, `ubuntu:24.04`. */
  readonly os: Fact<string>;
  /** It carries compilers and headers: a full-size language image. */
  readonly toolchain: Fact<boolean>;
}

/**
 * How far what a reference names may change: `none` no tag at all, `latest`, `named` a channel or variant (`lts`, `slim`,
 * `alpine`), `version` a version or release, `digest` not at all.
 */
export type Floating = 'none' | 'latest' | 'named' | 'version' | 'digest';
