const SCHEME = /^([a-zA-Z0-9]+):\/\//;
const SCP = /^[a-zA-Z0-9-_]+@[a-zA-Z0-9-.]+:/;

/**
 * What BuildKit takes a source of ADD or COPY for (frontend/dockerfile/dfgitutil and `isHTTPSource`): a git repository, an
 * address, or a path, for which the answer is undefined. `github.com/a/b` without a scheme is a path here.
 */
export function remoteKind(source: string): 'git' | 'http' | undefined {
  if (source.startsWith('./') || source.startsWith('../') || source.startsWith('github.com/')) return undefined;
  const scheme = SCHEME.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined) return SCP.test(source) ? 'git' : undefined;
  if (scheme === 'ssh' || scheme === 'git') return 'git';
  if (scheme !== 'http' && scheme !== 'https') return undefined;
  const path = /^[^/]*\/\/[^/?#]*([^?#]*)/.exec(source)?.[1] ?? '';
  if (path.endsWith('.git')) return 'git';
  return /^https?:/.test(source) ? 'http' : undefined;
}
