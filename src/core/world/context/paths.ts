/** Go's `path.Clean`: the shortest path that names the same; "." for an empty one. */
export function cleanPath(path: string): string {
  const rooted = path.startsWith('/');
  const parts: string[] = [];
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue;
    if (part !== '..') parts.push(part);
    else if (parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (!rooted) parts.push('..');
  }
  const clean = parts.join('/');
  return rooted ? `/${clean}` : clean === '' ? '.' : clean;
}

/** The directories above a path as BuildKit's matcher tries them, the topmost first. */
export function directoriesAbove(path: string): readonly string[] {
  const slash = path.lastIndexOf('/');
  if (slash < 0) return [];
  const directory = cleanPath(path.slice(0, slash + 1));
  if (directory === '.') return [];
  const parts = directory.split('/');
  return parts.map((_, i) => parts.slice(0, i + 1).join('/'));
}

/** Go's `strings.TrimSpace`: unlike `trim`, it takes U+0085 away and keeps U+FEFF. */
export function trimSpace(text: string): string {
  const blank = '[\\t-\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]';
  return text.replace(new RegExp(`^${blank}+`), '').replace(new RegExp(`(?<!${blank})${blank}+$`), '');
}
