import type { Rule, RuleDocs } from '../rules/define.ts';
import { unusedIgnoreId } from './ignores.ts';

/** What its page says of it, as of a rule. No rule: it is asked after all of them. */
export const unusedIgnore: Omit<Rule, 'check' | 'subject'> = {
  id: unusedIgnoreId,
  practice: 'X1',
  catalogue: [],
  level: 'warning',
  fixClass: 'S',
  summary: 'an ignore comment that silences nothing',
  aliases: [],
};

export const unusedIgnoreDocs: RuleDocs = {
  why: `A comment that hides a diagnostic which is gone hides the next one of its kind, and tells readers of trouble that is not there. A name that
no rule has silences nothing at all. Comments for another tool are told as \`info\`, and left alone: that tool may still need them. Of a rule
that is off, or could not answer, nothing is said. \`--off ${unusedIgnoreId}\` turns it off.`,
  examples: [
    {
      bad: 'FROM debian:12-slim\n# layerwise ignore=«sudo-used» built by a plain user\nRUN make install\n',
      good: 'FROM debian:12-slim\nRUN make install\n',
      variant: 'comment',
    },
    {
      title: 'no such rule',
      bad: 'FROM debian:12-slim\n# layerwise ignore=«sudo»\nRUN sudo make install\n',
      declined: 'the id may be a slip of the pen',
    },
  ],
  silent: [
    {
      title: 'it silences something',
      text: 'FROM debian:12-slim\n# layerwise ignore=sudo-used the installer asks for it\nRUN sudo make install\n',
      is: 'held',
    },
  ],
};
