/** Comment lines by text alone: every line that begins with "#" after blanks, in order, trimmed. */
export function commentLines(text: string): string[] {
  return text.split('\n').flatMap((line) => {
    const trimmed = line.replace(/^\ufeff/, '').trim();
    return trimmed.startsWith('#') ? [trimmed] : [];
  });
}

/**
 * Comment lines of `before` that `after` lacks, each as often as it is missing.
 * @param dropped texts of ignore comments that a fix says it removes
 */
export function lostComments(before: string, after: string, dropped: readonly string[] = []): string[] {
  const left = new Map<string, number>();
  for (const line of [...commentLines(after), ...dropped.map((text) => text.trim())])
    left.set(line, (left.get(line) ?? 0) + 1);
  return commentLines(before).filter((line) => {
    const count = left.get(line) ?? 0;
    left.set(line, count - 1);
    return count <= 0;
  });
}
