import { evidenceAt, neededCommands, type StepCommand } from '../../model/index.ts';
import { defineRule, found, type RuleDocs } from '../define.ts';

/** What the program would do, and why that is nothing in a build. */
const USELESS: Readonly<Record<string, string>> = {
  vim: 'opens an editor, and a build has no terminal',
  vi: 'opens an editor, and a build has no terminal',
  nano: 'opens an editor, and a build has no terminal',
  emacs: 'opens an editor, and a build has no terminal',
  top: 'shows processes, and a RUN has only its own',
  htop: 'shows processes, and a RUN has only its own',
  shutdown: 'speaks to an init system that a build does not have',
  reboot: 'speaks to an init system that a build does not have',
  free: 'shows the memory of the machine that builds',
};

const OF_INIT = new Set(['start', 'restart', 'reload', 'stop', 'status']);
const STARTS = new Set(['start', 'restart', 'reload']);

/** Of an init system's own program: what it does with processes, there is nobody to do. */
function asksInit({ command, invocation }: StepCommand): boolean {
  const words = command.args.map(({ value }) => value ?? '');
  return (
    command.program === 'systemctl' &&
    OF_INIT.has(invocation?.subcommand ?? words.find((word) => !word.startsWith('-')) ?? '')
  );
}

/** Processes end with their RUN: a service is of use only to commands after it. */
function startsInVain({ command, script }: StepCommand): boolean {
  if (command.program !== 'service' || !command.args.some(({ value }) => STARTS.has(value ?? ''))) return false;
  return !script.commands.some(
    (later) => later.index > command.index && !/^(?:sleep|true|echo|:|rm|service)$/.test(later.program ?? 'unknown'),
  );
}

/** A RUN begins without processes: before anything could have started a service there is none to stop. */
function stopsInVain({ command, script }: StepCommand): boolean {
  const isStop = ({ program, args }: StepCommand['command']) =>
    program === 'service' && args.some(({ value }) => value === 'stop');
  return isStop(command) && script.commands.slice(0, command.index).every(isStop);
}

function uselessness(each: StepCommand): string | undefined {
  const { program, args, stage, pipeline, redirects } = each.command;
  if (program === undefined) return undefined;
  if (asksInit(each)) return `${program} speaks to an init system that a build does not have`;
  if (stopsInVain(each)) return `${program} finds nothing to stop: processes end with their RUN`;
  if (startsInVain(each)) return `${program} starts nothing that lasts: processes end with their RUN`;
  const why = Object.hasOwn(USELESS, program) ? USELESS[program] : undefined;
  // `vim +PlugInstall +qall`, `top -b`, `… --version` do something that a script can use.
  const scripted = args.some(({ unquoted }) => /^(?:\+|-[bcesSE]|--)/.test(unquoted));
  return why === undefined || scripted || stage > 0 || pipeline.length > 1 || redirects.length > 0
    ? undefined
    : `${program} ${why}`;
}

export default defineRule({
  id: 'useless-interactive-commands',
  practice: 'P11',
  catalogue: ['P11.12'],
  level: 'info',
  fixClass: 'N',
  summary: 'a command of interactive use has no effect in a build',
  aliases: ['hadolint/DL3001'],
  subject: 'dockerfile',
  check({ build }) {
    const commands = neededCommands(build);
    const [first] = commands;
    if (first === undefined) return { is: 'not-applicable', because: 'no RUN in shell form' };
    const findings = commands.flatMap((each) => {
      const message = uselessness(each);
      if (message === undefined) return [];
      return [
        {
          at: each.command.span,
          message,
          help: 'leave it out; a service is started by ENTRYPOINT or CMD',
          step: each.step,
          fix: { declined: 'what it was meant to do is for a person to say' },
        },
      ];
    });
    return found(findings, { is: 'held', evidence: evidenceAt(build, first, 'every command can have an effect') });
  },
});

export const docs: RuleDocs = {
  why: `A RUN has no terminal, no init system and no processes but its own, and whatever it starts ends with it. An editor, a
process viewer or \`service nginx start\` in a RUN is mostly a leftover of what was tried by hand.`,
  examples: [
    { bad: 'FROM debian:12\nRUN apt-get update && «service nginx start»\n', declined: 'for a person to say' },
    { title: 'systemd', bad: 'FROM debian:12\nRUN «systemctl start nginx» && true\n', declined: 'for a person to say' },
    {
      title: 'nothing runs yet',
      bad: 'FROM debian:12\nRUN «service mysql stop» && «service nginx stop» && rm -rf /tmp/x\n',
      declined: 'for a person to say',
    },
    { title: 'an editor', bad: 'FROM debian:12\nRUN «vim /etc/hosts»\n', declined: 'for a person to say' },
  ],
  silent: [
    {
      title: 'a service that the same RUN uses',
      text: 'FROM debian:12\nRUN service mysql start && mysql -e "CREATE DATABASE a"\n',
      is: 'held',
    },
    {
      title: 'stopped at the end',
      text: 'FROM debian:12\nRUN service mysql start && mysql -e "SELECT 1" && service mysql stop\n',
      is: 'held',
    },
    {
      title: 'stopped after an installer that started it',
      text: 'FROM debian:12\nRUN ./install.sh && service postgresql stop\n',
      is: 'held',
    },
    { title: 'systemctl enable writes links', text: 'FROM debian:12\nRUN systemctl enable nginx\n', is: 'held' },
    { title: 'vim as a script', text: 'FROM debian:12\nRUN vim +PlugInstall +qall\n', is: 'held' },
    { title: 'installed, not run', text: 'FROM debian:12\nRUN apt-get install -y vim top\n', is: 'held' },
    { title: 'no RUN', text: 'FROM debian:12\n', is: 'not-applicable' },
  ],
};
