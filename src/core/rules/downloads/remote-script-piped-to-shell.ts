import { commandsOf, evidenceAt, neededRuns, type StepCommand } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const RUNS_STDIN = /^(?:sh|bash|ash|dash|zsh|ksh|python[\d.]*|perl|ruby|node|php)$/;

/** `bash -c …`, `python3 -c …` and `sh script` read their program elsewhere, and the pipe as data. */
function readsProgramFromPipe({ command }: StepCommand): boolean {
  if (!RUNS_STDIN.test(command.program ?? '')) return false;
  const words = command.args.map(({ unquoted }) => unquoted);
  if (words.some((word) => /^-[a-z]*[cem]$/.test(word) && !/^-[a-z]*[xs]e$|^-e$/.test(word))) return false;
  if (
    /^(?:python|perl|ruby|node|php)/.test(command.program ?? '') &&
    words.some((word) => /^-[emrjpn]/.test(word) || word.startsWith('--eval'))
  )
    return false;
  const [operand] = words.filter((word) => !/^[-+]./.test(word) || word === '-');
  return (
    operand === undefined || operand === '-' || words.some((word) => /^-[a-z]*s[a-z]*$/.test(word) || word === '--')
  );
}

/** The commands of the same script that the program's text comes from. */
function source(each: StepCommand, commands: readonly StepCommand[]): StepCommand | undefined {
  const { command, script } = each;
  const piped = command.pipeline.commands.filter((index) => index < command.index);
  const candidates = commands.filter((other) => other.script === script);
  if (command.stage > 0 && readsProgramFromPipe(each))
    return candidates.find((other) => piped.includes(other.command.index) && downloads(other));
  // `bash <(curl …)`, `sh -c "$(curl …)"`, `eval "$(curl …)"`
  if (!RUNS_STDIN.test(command.program ?? '') && !/^(?:eval|source|\.)$/.test(command.program ?? '')) return undefined;
  return candidates.find(
    (other) =>
      other.command.nesting.includes('substitution') &&
      command.span[0] < other.command.span[0] &&
      other.command.span[1] <= command.span[1] &&
      downloads(other),
  );
}

function downloads({ invocation }: StepCommand): boolean {
  return (invocation?.program === 'curl' || invocation?.program === 'wget') && invocation.urls.length > 0;
}

export default defineRule({
  id: 'remote-script-piped-to-shell',
  practice: 'X4',
  catalogue: ['X4.1'],
  level: 'info',
  fixClass: 'N',
  summary: 'a script from the network runs unseen',
  aliases: [],
  about: { programs: ['curl', 'wget'], otherwise: 'no RUN downloads anything with curl or wget' },
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: StepCommand | undefined;
    for (const step of neededRuns(build)) {
      for (const each of step.commands) {
        if (downloads(each)) seen ??= each;
        const from = source(each, step.commands);
        if (from === undefined) continue;
        findings.push({
          at: [
            Math.min(from.command.span[0], each.command.span[0]),
            Math.max(from.command.span[1], each.command.span[1]),
          ],
          message: `whatever the address serves on the day of the build runs in ${each.command.program}`,
          help: 'download it first (ADD --checksum=sha256:… URL, or curl and sha256sum -c), then run it; better still use a package',
          step,
          fix: { declined: 'the checksum that the script should have must come from its publisher' },
        });
      }
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no RUN downloads anything with curl or wget' }
        : {
            is: 'held',
            evidence: evidenceAt(build, commandsOf([seen.step])[0] ?? seen, 'no download goes into a shell'),
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `Nothing in \`curl … | sh\` says which script was meant. A changed file, a taken-over domain or an error page runs as root in
the build; the image differs from day to day, and a cut connection runs half a script. With a checksum only the script that
somebody has looked at runs.`,
  examples: [
    { bad: 'FROM debian:12\nRUN «curl -fsSL https://example.com/install.sh | sh»\n', declined: 'publisher' },
    {
      title: 'with arguments',
      bad: 'FROM debian:12\nRUN «wget -qO- https://example.com/install.sh | bash -s -- -y»\n',
      declined: 'publisher',
    },
    {
      title: 'a substitution',
      bad: 'FROM debian:12\nRUN «sh -c "$(curl -fsSL https://example.com/install.sh)"»\n',
      declined: 'publisher',
    },
  ],
  silent: [
    {
      title: 'an archive',
      text: 'FROM debian:12\nRUN curl -fsSL https://example.com/a.tar.gz | tar -xz\n',
      is: 'held',
    },
    {
      title: 'a key',
      text: 'FROM debian:12\nRUN curl -fsSL https://example.com/key | gpg --dearmor -o /etc/apt/keyrings/a.gpg\n',
      is: 'held',
    },
    {
      title: 'data for a program',
      text: `FROM debian:12\nRUN curl -fsSL https://example.com/a.json | python3 -c 'import json'\n`,
      is: 'held',
    },
    { title: 'no download', text: 'FROM debian:12\nRUN echo true | sh\n', is: 'not-applicable' },
  ],
};
