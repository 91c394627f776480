import { encode } from '../../src/core/language/text/index.ts';
import { BAD, CORNERS } from './corners.ts';
import { Dice } from './dice.ts';

/** A generated Dockerfile and the corner of BuildKit's syntax that it was made for. */
export interface Mutation {
  readonly text: Uint8Array;
  readonly corner: string;
}

const NASTY = [
  '\\',
  '`',
  '\n',
  '\r',
  ' ',
  '\t',
  '"',
  "'",
  '#',
  '<<',
  '<<EOF',
  '$',
  '${',
  '}',
  '[',
  ']',
  ',',
  '=',
  '--',
  '\0',
  '\u00a0',
  '\ufeff',
  'é',
  BAD(0xa0),
  BAD(0xc3),
  '\\\n',
  '\n#',
  '\n\n',
];

/** One small change anywhere: something nasty put in, something taken out, a line doubled or moved. */
function disturb(dice: Dice, text: string): string {
  const at = dice.below(text.length + 1);
  switch (dice.below(4)) {
    case 0:
      return text.slice(0, at) + text.slice(at + 1 + dice.below(3));
    case 1: {
      const lines = text.split('\n');
      const line = dice.below(lines.length);
      lines.splice(dice.below(lines.length), 0, lines[line] as string);
      return lines.join('\n');
    }
    default:
      return text.slice(0, at) + dice.one(NASTY) + text.slice(at);
  }
}

/** The names of all corners, in the order in which mutations take turns. */
export const corners: readonly string[] = Object.keys(CORNERS);

/**
 * Dockerfiles made to hit the corner cases of BuildKit's syntax, each corner in turn; a fifth is disturbed once more.
 * The same seed gives the same files. More than half are accepted by BuildKit.
 */
export function* mutations(seed: number, count: number): Iterable<Mutation> {
  const dice = new Dice(seed);
  for (let i = 0; i < count; i++) {
    const corner = corners[i % corners.length] as string;
    const text = CORNERS[corner]?.(dice) ?? '';
    yield { text: encode(dice.chance(0.2) ? disturb(dice, text) : text), corner };
  }
}
