import { parseScript, type Script, type ShellCommand, shellOf } from '../../../../src/core/language/shell/index.ts';
import { verbatim } from '../../../../src/core/language/text/index.ts';
import type { Span } from '../../../../src/core/vocabulary/index.ts';

/** The script of a text, as one shell reads it. */
export function scriptOf(text: string, shell: readonly string[] = ['/bin/sh', '-c']): Script {
  return parseScript(verbatim(text, [0, text.length]), shellOf(shell));
}

/** Text and the places that `«` and `»` mark in it, by their starts. */
export function marked(written: string): { readonly text: string; readonly spans: readonly Span[] } {
  const spans: Span[] = [];
  const open: number[] = [];
  let text = '';
  for (const character of written) {
    if (character === '«') open.push(text.length);
    else if (character === '»') spans.push([open.pop() ?? 0, text.length]);
    else text += character;
  }
  return { text, spans: spans.sort((a, b) => a[0] - b[0]) };
}

/** The only command of a text. */
export function commandOf(text: string, shell?: readonly string[]): ShellCommand {
  const { commands } = scriptOf(text, shell);
  const [command] = commands;
  if (command === undefined) throw new Error(`no command in ${text}`);
  return command;
}
