import type { Build, Stage } from './types.ts';

/** Names by which images say so themselves. `windows` alone is also what cross-compilers are called. */
const NAMED = /nanoserver|servercore|[-_]ltsc20\d\d\b|(?:^|\/)microsoft\/[\w-]*windows/i;

/**
 * Whether a stage's containers are Windows': by `--platform`, by the base image, or by the escape character that only paths of
 * Windows need. Such a container has neither Unix accounts nor signals. False where nothing shows it.
 */
export function isWindows({ dockerfile }: Build, { platform, image, root }: Stage): boolean {
  if (platform !== undefined && 'value' in platform) return /^windows\b/i.test(platform.value);
  if (root.kind === 'scratch') return false;
  if ('value' in image.os) return image.os.value.startsWith('windows');
  if ('value' in image.libc && image.libc.value !== 'none') return false;
  if ('value' in root.image && NAMED.test(root.image.value.text)) return true;
  return dockerfile.escape === '`';
}
