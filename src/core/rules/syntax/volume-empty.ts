import { convertedSteps, type Step, settled, wordsOf } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

export default defineRule({
  id: 'volume-empty',
  practice: 'X2',
  catalogue: ['X2.4'],
  level: 'error',
  fixClass: 'N',
  summary: 'VOLUME names nothing: the build stops there',
  aliases: [],
  about: { instructions: ['VOLUME'], otherwise: 'the file has no VOLUME' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of convertedSteps(build)) {
      const { name, errors } = step.instruction;
      // an empty string in JSON is a syntax error already
      if (name !== 'VOLUME' || errors.length > 0) continue;
      seen ??= step;
      for (const word of wordsOf(step.instruction)) {
        const path = settled(build, step, word);
        if (path?.value !== '') continue;
        const variable = word.value.includes('$');
        findings.push({
          at: word.span,
          message: variable
            ? `${word.value} is empty here, and BuildKit takes no VOLUME without a path`
            : 'BuildKit takes no VOLUME without a path',
          // an ARG without a default: a build argument may give it one
          ...(!path.sure && { level: 'warning' as const }),
          help: variable
            ? 'set the variable in this stage before it, or write the path'
            : 'write the path, or remove it',
          step,
          fix: { declined: 'which directory is meant only its author knows' },
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no stage has a VOLUME' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'every VOLUME names a path' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `A VOLUME without a path is refused when the build reaches it, after everything before it has run. Most often a variable
is meant that another stage, or nobody, sets.`,
  examples: [
    { bad: 'FROM debian:12-slim\nVOLUME «""»\n', declined: 'only its author' },
    { title: 'as JSON', bad: 'FROM scratch\nVOLUME ["/data", «"$DATA"»]\n', declined: 'only its author' },
    {
      title: 'a variable that an argument leaves empty',
      bad: 'FROM debian:12-slim\nARG DATA=\nVOLUME «$DATA»\n',
      declined: 'only its author',
    },
    {
      title: 'an ARG before the first FROM, which a stage does not see',
      bad: 'ARG DATA=/data\nFROM scratch\nVOLUME «$DATA»\n',
      declined: 'only its author',
    },
  ],
  silent: [
    { title: 'a path', text: 'FROM debian:12-slim\nENV DATA=/data\nVOLUME $DATA\n', is: 'held' },
    { title: 'a variable that the base may set', text: 'FROM example.com/own:1\nVOLUME $DATA\n', is: 'held' },
    { title: 'no VOLUME', text: 'FROM debian:12-slim\n', is: 'not-applicable' },
  ],
};
