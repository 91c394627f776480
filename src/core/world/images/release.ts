import { SUITES } from './suites.ts';
import { systemOf, wordsOf } from './tag.ts';
import type { ImageReference } from './types.ts';

/**
 * Whether the system below an official image may change while its tag stays: the tag has a version of the image, and names
 * neither the system's release nor a digest. Undefined for images whose tags are not known to name a system.
 */
export function releaseFloats({ registry, repository, tag, digest }: ImageReference): boolean | undefined {
  const name = repository.replace(/^library\//, '');
  if (registry !== 'docker.io' || name === repository || SUITES[name] === undefined) return undefined;
  if (digest !== undefined) return false;
  if (tag === undefined || !/^v?\d/.test(tag)) return undefined;
  const words = wordsOf(tag);
  if (words.some((word) => /^(?:windowsservercore|nanoserver|onbuild)/.test(word))) return undefined;
  return systemOf(words)?.release === undefined;
}
