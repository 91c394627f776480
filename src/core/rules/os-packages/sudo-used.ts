import {
  type Build,
  changesScript,
  evidenceAt,
  isRoot,
  neededCommands,
  type StepCommand,
  valueOf,
} from '../../model/index.ts';
import { type Declined, defineRule, found, type Proposal, type RuleDocs } from '../define.ts';

function wordOf({ command }: StepCommand) {
  return command.words.find(({ value }) => value === 'sudo' || value === '/usr/bin/sudo');
}

/** True when sudo is asked for another account or group than root's. */
function switchesUser(each: StepCommand): boolean {
  const { words, programWord } = each.command;
  const sudo = wordOf(each);
  const from = sudo === undefined ? 0 : words.indexOf(sudo) + 1;
  const options = words.slice(from, programWord === undefined ? words.length : words.indexOf(programWord));
  return options.some(({ value = '' }) => /^-(?:[a-zA-Z]*[ug]|-user|-group)/.test(value));
}

function withoutSudo(build: Build, each: StepCommand): Proposal | Declined {
  const { command, step } = each;
  if (switchesUser(each))
    return { declined: 'put USER before the RUN and the user back after it, where the whole RUN is meant' };
  const user = valueOf(step.before.user);
  if (user === undefined || !isRoot(user))
    return { declined: 'the RUN is not known to run as root: put USER root before it and the user back after it' };
  const word = wordOf(each);
  const next = word === undefined ? undefined : command.words[command.words.indexOf(word) + 1];
  if (word === undefined || next === undefined || next !== command.programWord || next.broken)
    return { declined: 'sudo has options' };
  if (command.assignments.length > 0) return { declined: 'sudo keeps the variables before it from the command' };
  if (command.nesting.includes('sh -c')) return { declined: 'the command stands in a string for sh -c' };
  const gap = build.dockerfile.text.slice(word.span[1], next.span[0]);
  if (gap.trim() !== '') return { declined: 'the command goes over two lines' };
  return {
    title: 'run the command without sudo',
    variant: 'root',
    edits: [{ span: [word.span[0], next.span[0]], text: '' }],
    claims: [
      changesScript(build, step),
      { kind: 'observed', probe: 'builds', expect: true },
      { kind: 'observed', probe: 'packages', expect: 'equal' },
    ],
  };
}

export default defineRule({
  id: 'sudo-used',
  practice: 'P9',
  catalogue: ['P9.10'],
  level: 'info',
  fixClass: 'S+B',
  summary: 'sudo is used in a RUN',
  aliases: ['hadolint/DL3004'],
  reveals: true,
  subject: 'dockerfile',
  check({ build }) {
    const commands = neededCommands(build);
    const [first] = commands;
    if (first === undefined) return { is: 'not-applicable', because: 'no RUN in shell form' };
    const findings = commands
      .filter(({ command }) => command.wrappers.includes('sudo'))
      .map((each) => {
        const user = valueOf(each.step.before.user);
        const root = user !== undefined && isRoot(user);
        const [message, help] = switchesUser(each)
          ? [
              'sudo is in the image only to run a command as another account',
              'put USER before the RUN, and leave sudo out of the image',
            ]
          : root
            ? ['sudo does nothing here: the RUN is root already', 'leave it out']
            : [
                'sudo in a RUN needs a user who may become root in the image',
                'put USER root before the RUN and the user back after it, and leave sudo out of the image',
              ];
        return {
          at: wordOf(each)?.span ?? each.command.span,
          message,
          help,
          step: each.step,
          fix: withoutSudo(build, each),
        };
      });
    return found(findings, { is: 'held', evidence: evidenceAt(build, first, 'no RUN uses sudo') });
  },
});

export const docs: RuleDocs = {
  why: `In a Dockerfile \`USER\` says who runs a command. sudo needs its package in the image and, without a password, an account
that may become root at any time: what a non-root user is meant to prevent.`,
  examples: [
    {
      title: 'as another account than root',
      bad: 'FROM debian:12\nRUN «sudo» -u app ls\n',
      declined: 'put USER before the RUN',
    },
    {
      bad: 'FROM debian:12\nRUN «sudo» mkdir /app\n',
      good: 'FROM debian:12\nRUN mkdir /app\n',
      variant: 'root',
    },
    { title: 'another user', bad: 'FROM debian:12\nUSER app\nRUN «sudo» mkdir /app\n', declined: 'USER root' },
    { title: 'sudo with options', bad: 'FROM debian:12\nRUN «sudo» -E mkdir /app/a\n', declined: 'options' },
  ],
  silent: [
    {
      title: 'sudo is installed, not used',
      text: 'FROM debian:12\nRUN apt-get update && apt-get install -y sudo\n',
      is: 'held',
    },
    {
      title: 'a word in a string',
      text: 'FROM debian:12\nRUN echo "app ALL=(ALL) NOPASSWD: ALL" > /etc/sudoers.d/app\n',
      is: 'held',
    },
    { title: 'no RUN', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
  observed: ['root'],
};
