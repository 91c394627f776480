import { type Paint, plain } from '../core/reporters/index.ts';
import type { Output } from './io.ts';

/** `--color`, then NO_COLOR, then FORCE_COLOR, then whether it is a terminal that can. */
export function wantsColour(
  when: string | undefined,
  env: Readonly<Record<string, string | undefined>>,
  out: Output,
): boolean {
  if (when === 'always') return true;
  if (when === 'never') return false;
  if (env.NO_COLOR) return false;
  const forced = env.FORCE_COLOR;
  if (forced !== undefined) return forced !== '0' && forced !== 'false';
  return env.TERM !== 'dumb' && out.isTerminal;
}

/**
 * How to paint for an output.
 * @param page a rule's page; the id links to it on a terminal
 */
export async function paintFor(colour: boolean, terminal: boolean, page?: (rule: string) => string): Promise<Paint> {
  if (!colour) return plain;
  const { createColors } = (await import('picocolors')).default;
  const c = createColors(true);
  const linked = (id: string) => (terminal && page ? `\x1b]8;;${page(id)}\x1b\\${id}\x1b]8;;\x1b\\` : id);
  return {
    error: c.red,
    warning: c.yellow,
    info: c.cyan,
    good: c.green,
    strong: c.bold,
    faint: c.dim,
    rule: (id) => linked(id),
  };
}
