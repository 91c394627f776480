const marks = /\{\{|\{%|<%/;
const leadingMark = /^[ \t]*(\{\{|\{%|<%)/;
/** What Maven and scaffolding tools put values in for, and BuildKit cannot expand: `${docker.base.image}`, `${templateOption:name}`. */
const placeholder = /\$\{[A-Za-z_]\w*(?:\.\w+)+\}|\$\{[A-Za-z_]\w*:[A-Za-z]\w*\}/;
const expanded = /^[ \t]*(?:from|arg|env|label|copy|add|workdir|user|expose|volume)[ \t]/i;
const heredocMark = /(?:^|\s)\d?<<(-?)["']?([A-Za-z_][\w.]*)["']?/g;

/**
 * The mark of a template language that stands where no Dockerfile can have it: at the start of an instruction, or in the
 * image of a FROM, or a placeholder where BuildKit puts variables in. Marks in arguments, heredocs and continued lines are left alone: scripts use them too.
 */
export function templateMark(text: string): string | undefined {
  if (!marks.test(text) && !placeholder.test(text)) return undefined;
  const escape = /^[ \t]*#[ \t]*escape[ \t]*=[ \t]*`/im.test(text.slice(0, 1000)) ? '`' : '\\';
  let continued = false;
  let heredocs: { readonly end: string; readonly tabs: boolean }[] = [];
  for (const raw of text.split('\n')) {
    const line = raw.replace(/\r$/, '');
    const [open] = heredocs;
    if (open) {
      if ((open.tabs ? line.replace(/^\t+/, '') : line) === open.end) heredocs = heredocs.slice(1);
      continue;
    }
    if (line.trim() === '' || line.trimStart().startsWith('#')) continue;
    if (!continued) {
      const mark = leadingMark.exec(line)?.[1] ?? (/^[ \t]*from[ \t]/i.test(line) ? marks.exec(line)?.[0] : undefined);
      if (mark !== undefined) return mark;
      const open = expanded.test(line) ? placeholder.exec(line)?.[0] : undefined;
      if (open !== undefined) return open;
    }
    continued = line.trimEnd().endsWith(escape);
    if (!continued && /^[ \t]*(?:run|copy|add|onbuild)[ \t]/i.test(line)) {
      heredocs = [...line.matchAll(heredocMark)].map(([, tabs, end]) => ({ end: end as string, tabs: tabs === '-' }));
    }
  }
  return undefined;
}
