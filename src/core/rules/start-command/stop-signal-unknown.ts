import { suggest, type Word } from '../../language/syntax/index.ts';
import { convertedSteps, settled } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** Signals of Linux by name, without SIG (github.com/moby/sys/signal). */
const SIGNALS = new Set(
  (
    'ABRT ALRM BUS CHLD CLD CONT FPE HUP ILL INT IO IOT KILL PIPE POLL PROF PWR QUIT SEGV STKFLT STOP SYS TERM TRAP TSTP TTIN ' +
    'TTOU URG USR1 USR2 VTALRM WINCH XCPU XFSZ RTMIN RTMAX'
  ).split(' '),
);

/** `RTMIN+1` to `RTMIN+15`, `RTMAX-1` to `RTMAX-14`. */
const REAL_TIME = /^(?:RTMIN\+(?:[1-9]|1[0-5])|RTMAX-(?:[1-9]|1[0-4]))$/;

function isSignal(text: string): boolean {
  if (/^[+-]?\d+$/.test(text)) return Number(text) !== 0;
  const name = text.toUpperCase().replace(/^SIG/, '');
  return SIGNALS.has(name) || REAL_TIME.test(name);
}

export default defineRule({
  id: 'stop-signal-unknown',
  practice: 'P13',
  catalogue: [],
  level: 'error',
  fixClass: 'N',
  summary: 'STOPSIGNAL names no signal',
  aliases: [],
  about: { instructions: ['STOPSIGNAL'], otherwise: 'no stop signal is set' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Word | undefined;
    for (const step of convertedSteps(build)) {
      const { name, args, errors } = step.instruction;
      const word = name === 'STOPSIGNAL' && args.form === 'words' ? args.words[0] : undefined;
      if (word === undefined || errors.length > 0) continue;
      seen ??= word;
      const signal = settled(build, step, word);
      if (signal === undefined || isSignal(signal.value)) continue;
      const problem = signal.value === '' ? 'the stop signal is empty' : `there is no signal ${signal.value}`;
      const meant = suggest(signal.value.toUpperCase().replace(/^SIG/, ''), SIGNALS);
      findings.push({
        at: word.span,
        step,
        message: signal.sure ? problem : `without --build-arg ${problem}`,
        help: meant === undefined ? 'write a name as SIGTERM or SIGQUIT, or its number' : `did you mean SIG${meant}?`,
        ...(!signal.sure && { level: 'warning' as const }),
        fix: { declined: 'on which signal the program ends only its author knows' },
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no stop signal is set' }
        : { is: 'held', evidence: [{ at: { file: build.file, span: seen.span }, says: 'the stop signal exists' }] },
    );
  },
});

export const docs: RuleDocs = {
  why: 'The build stops at a STOPSIGNAL that is neither the name nor the number of a signal of Linux.',
  examples: [
    { title: 'a slip of the pen', bad: 'FROM nginx:1.29\nSTOPSIGNAL «SIGQUTI»\n', declined: 'only its author' },
    { title: 'no signal', bad: 'FROM nginx:1.29\nSTOPSIGNAL «0»\n', declined: 'only its author' },
    { title: 'only with a build argument', bad: 'FROM scratch\nARG S\nSTOPSIGNAL «$S»\n', declined: 'only its author' },
  ],
  silent: [
    { title: 'names', text: 'FROM nginx:1.29\nSTOPSIGNAL SIGRTMIN+3\nSTOPSIGNAL quit\n', is: 'held' },
    { title: 'a number', text: 'FROM nginx:1.29\nSTOPSIGNAL 9\n', is: 'held' },
    { title: 'none set', text: 'FROM nginx:1.29\n', is: 'not-applicable' },
  ],
  links: ['https://docs.docker.com/reference/dockerfile/#stopsignal'],
};
