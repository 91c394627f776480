import { systemOf, versionOf, wordsOf } from './tag.ts';
import type { Floating, ImageReference } from './types.ts';

const PATH_COMPONENT = '[a-z0-9]+(?:(?:[._]|__|-+)[a-z0-9]+)*';
const REPOSITORY = new RegExp(`^${PATH_COMPONENT}(?:/${PATH_COMPONENT})*$`);
const DOMAIN =
  /^(?:[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?(?:\.[a-zA-Z0-9](?:[a-zA-Z0-9-]*[a-zA-Z0-9])?)*|\[[a-fA-F0-9:]+\])(?::[0-9]+)?$/;
const TAG = /^[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}$/;
const DIGEST_LENGTHS: Readonly<Record<string, number>> = { sha256: 64, sha384: 96, sha512: 128 };
const IDENTIFIER = /^[a-f0-9]{64}$/;

function validDigest(digest: string): boolean {
  const [algorithm = '', hex = '', more] = digest.split(':');
  return more === undefined && hex.length === DIGEST_LENGTHS[algorithm] && /^[a-f0-9]+$/.test(hex);
}

/**
 * Reads an image reference as Docker does (`ParseNormalizedNamed` of github.com/distribution/reference): the part before
 * the first "/" is a registry if it holds "." or ":", is `localhost` or has an upper-case letter.
 * @returns undefined when it is no valid reference, e.g. for an upper-case repository.
 */
export function parseReference(text: string): ImageReference | undefined {
  if (IDENTIFIER.test(text)) return undefined;
  const at = text.indexOf('@');
  const digest = at < 0 ? undefined : text.slice(at + 1);
  if (digest !== undefined && !validDigest(digest)) return undefined;
  const named = at < 0 ? text : text.slice(0, at);
  const colon = named.lastIndexOf(':');
  const tagged = colon > named.lastIndexOf('/');
  const tag = tagged ? named.slice(colon + 1) : undefined;
  if (tag !== undefined && !TAG.test(tag)) return undefined;
  const name = tagged ? named.slice(0, colon) : named;

  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasRegistry = slash > 0 && (/[.:]/.test(first) || first === 'localhost' || first !== first.toLowerCase());
  const registry = !hasRegistry || first === 'index.docker.io' ? 'docker.io' : first;
  const rest = hasRegistry ? name.slice(slash + 1) : name;
  const repository = registry === 'docker.io' && !rest.includes('/') ? `library/${rest}` : rest;
  if (!REPOSITORY.test(repository) || !DOMAIN.test(registry)) return undefined;
  if (registry.length + 1 + repository.length > 255) return undefined;
  const short = repository.startsWith('library/') ? repository.slice('library/'.length) : repository;
  return {
    text,
    registry,
    repository,
    familiar: registry === 'docker.io' ? short : `${registry}/${repository}`,
    tag,
    digest,
  };
}

/** Namespaces in which the official images of one architecture live, and mirrors of the library. */
const LIBRARY_NAMESPACE =
  /^(?:(?:amd64|i386|arm32v[567]|arm64v8|armhf|aarch64|ppc64le|s390x|mips64le|riscv64|library)\/|(?:public\.ecr\.aws\/docker|mirror\.gcr\.io|registry\.hub\.docker\.com)\/library\/)/;

/** The name that an official image has in Docker's library: `debian` for `arm32v7/debian`; other names as they are. */
export function libraryName(familiar: string): string {
  return familiar.replace(LIBRARY_NAMESPACE, '');
}

/** Operating systems whose release names are versions of the image itself: `debian:bookworm` does not float, `node:bookworm` does. */
const RELEASE_IS_VERSION = new Set([
  'debian',
  'ubuntu',
  'buildpack-deps',
  'bitnami/minideb',
  'centos',
  'stackbrew/ubuntu',
]);

/** Release lines of Node go by the names of elements. */
const NODE_LINES = /^(?:lts-)?(?:argon|boron|carbon|dubnium|erbium|fermium|gallium|hydrogen|iron|jod|krypton)(?:-|$)/;

/**
 * How far the reference floats. A tag with a version, a date or a commit is a `version`, even when patches still move it; so
 * is a release name of an operating system's own image, and any tag of a repository whose name ends in a release
 * (`gcr.io/distroless/static-debian12:nonroot`).
 */
export function floats(reference: ImageReference): Floating {
  const { tag, digest, text } = reference;
  const familiar = libraryName(reference.familiar);
  if (digest !== undefined) return 'digest';
  if (tag === undefined) return 'none';
  if (tag === 'latest') return 'latest';
  // Windows calls its releases so: `windows/servercore:ltsc2022`.
  if (/(?:^|-)ltsc\d{4}$/.test(tag) && /windows|servercore|nanoserver/.test(text)) return 'version';
  if (/-(?:debian|ubi|alpine|centos|ubuntu)\d+$/.test(familiar)) return 'version';
  if (familiar === 'node' && NODE_LINES.test(tag)) return 'version';
  if (
    (RELEASE_IS_VERSION.has(familiar) || /(?:^|\/)devcontainers\/(?:base|cpp)$/.test(familiar)) &&
    systemOf(wordsOf(tag))?.release !== undefined
  )
    return 'version';
  if (versionOf(tag) !== undefined) return 'version';
  // Words that name an operating system are variants; any other word with a number in it tells versions apart.
  const telling = tag.split(/[-_]/).filter((word) => systemOf([word.toLowerCase()]) === undefined);
  return telling.some((word) => /\d/.test(word)) ? 'version' : 'named';
}
