import { insertWord, refused, replace } from '../../language/edit/index.ts';
import { configClaimName, type Step, type StepCommand } from '../../model/index.ts';
import type { Edit, Span } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** Commands that always succeed. */
function harmless({ command }: StepCommand): boolean {
  const { program, args } = command;
  return (
    program === 'true' ||
    program === ':' ||
    program === 'echo' ||
    program === 'printf' ||
    (program === 'exit' && args[0]?.value === '0')
  );
}

function proposal(step: Step, title: string, variant: string, edits: readonly Edit[]): Proposal {
  return {
    title,
    variant,
    edits,
    claims: [
      { kind: 'same-build-but', differs: [configClaimName(step.stage, 'Healthcheck')] },
      { kind: 'observed', probe: 'config', expect: ['Healthcheck'] },
    ],
  };
}

/** The command that decides at the end of the probe, when it cannot fail. */
function harmlessEnd(step: Step): StepCommand | undefined {
  const [script, more] = step.scripts;
  const list = script?.lists.at(-1);
  if (script === undefined || more !== undefined || list === undefined || script.partial) return undefined;
  const index = list.pipelines.at(-1)?.commands.at(-1);
  const last = step.commands.find(({ command }) => command.index === index);
  if (last === undefined || !harmless(last) || last.command.nesting.length > 0 || last.command.pipeline.length > 1)
    return undefined;
  const operators = list.operators.map(({ text }) => text);
  if (script.lists.length > 1)
    return script.errexit ||
      operators.length > 0 ||
      step.commands.some(({ command }) => command.program === 'exit' && command !== last.command)
      ? undefined
      : last;
  // a && echo up fails with a; a || echo down does not
  return operators.length === 0 || operators.at(-1) === '||' ? last : undefined;
}

/** curl calls that take an error page for an answer, and nothing looks at what they print. */
function deafCurls(step: Step): readonly StepCommand[] {
  return step.commands.filter(({ command, invocation }) => {
    if (invocation?.program !== 'curl' || command.pipeline.length > 1 || command.nesting.includes('substitution'))
      return false;
    const options = invocation.options.map(({ name }) => name);
    if (
      options.some((name) =>
        ['--fail', '--fail-with-body', '--write-out', '--config', '--help', '--version'].includes(name),
      )
    )
      return false;
    return invocation.urls.some(({ unquoted }) => !/^(?!https?:)[a-z]+:/i.test(unquoted));
  });
}

/** The same in exec form: the word behind which --fail belongs. */
function deafArgv({ instruction: { args }, scripts }: Step): Span | undefined {
  if (args.form !== 'json' || scripts.length > 0) return undefined;
  const [first, ...rest] = args.elements;
  if (first === undefined || !/^(?:\/usr\/bin\/)?curl$/.test(first.value)) return undefined;
  return rest.some(({ value }) => /^-[a-zA-Z#]*[fwK]|^--(?:fail|write-out|config)/.test(value))
    ? undefined
    : first.span;
}

function withFail(step: Step, { command }: StepCommand): Proposal | Declined {
  const word = command.programWord;
  if (word === undefined || command.nesting.includes('sh -c'))
    return { declined: 'the command stands in a string for sh -c' };
  const edits = insertWord(word, '--fail');
  return refused(edits) ? edits : proposal(step, 'let curl fail on an error status', 'curl', edits);
}

function failing(step: Step, { command, script }: StepCommand): Proposal | Declined {
  const alone = script.commands.length === 1;
  if (alone) return { declined: 'nothing is probed: `layerwise adopt` will look for a route' };
  if (command.program === 'echo' || command.program === 'printf')
    return { declined: 'what the message is for does not show: write { echo …; exit 1; }' };
  return proposal(step, 'let the probe fail', 'exit', replace(command.span, 'exit 1'));
}

export default defineRule({
  id: 'probe-cannot-fail',
  practice: 'P16',
  catalogue: ['G087'],
  point: 5,
  level: 'warning',
  fixClass: 'S',
  summary: 'the health check succeeds whatever the service answers',
  aliases: [],
  about: { instructions: ['HEALTHCHECK'], otherwise: 'no health check is set' },
  subject: 'target',
  check({ build, target }) {
    const step = target.end.healthcheck;
    if (step === undefined || step.instruction.probe?.value.toUpperCase() === 'NONE')
      return { is: 'not-applicable', because: 'no health check is set' };
    if (step.scripts.some(({ opaque }) => opaque !== undefined))
      return { is: 'unknown', because: 'the probe cannot be read' };
    const findings: Finding[] = [];
    const end = harmlessEnd(step);
    if (end !== undefined) {
      findings.push({
        at: end.command.span,
        message: 'the probe ends with a command that always succeeds: the container is healthy whatever happens',
        help: 'end it with || exit 1, or with nothing',
        step,
        fix: failing(step, end),
      });
    }
    const deaf = 'curl succeeds on an error page too: a service that answers 500 counts as healthy';
    const help = 'add --fail, so that curl exits with 22 from status 400 on';
    for (const each of deafCurls(step)) {
      findings.push({
        at: each.command.programWord?.span ?? each.command.span,
        message: deaf,
        help,
        step,
        fix: withFail(step, each),
      });
    }
    const word = deafArgv(step);
    if (word !== undefined) {
      const edits = [{ span: [word[1], word[1]] as const, text: ', "--fail"' }];
      findings.push({
        at: word,
        message: deaf,
        help,
        step,
        fix: proposal(step, 'let curl fail on an error status', 'curl', edits),
      });
    }
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, span: step.instruction.span }, says: 'the probe can fail' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `A probe that always succeeds is worse than none: the engine, the orchestrator and whoever reads \`docker ps\` believe it. curl exits with 0 as soon as
it gets any answer, an error page too, unless \`--fail\` is given.`,
  observed: ['curl', 'exit'],
  examples: [
    {
      title: 'curl without --fail',
      bad: 'FROM debian:12\nHEALTHCHECK --interval=30s CMD «curl» -s http://127.0.0.1:8080/ || exit 1\n',
      good: 'FROM debian:12\nHEALTHCHECK --interval=30s CMD curl --fail -s http://127.0.0.1:8080/ || exit 1\n',
      variant: 'curl',
    },
    {
      title: 'in exec form',
      bad: 'FROM debian:12\nHEALTHCHECK CMD [«"curl"», "-s", "http://127.0.0.1:8080/"]\n',
      good: 'FROM debian:12\nHEALTHCHECK CMD ["curl", "--fail", "-s", "http://127.0.0.1:8080/"]\n',
      variant: 'curl',
    },
    {
      title: 'a failure that is thrown away',
      bad: 'FROM debian:12\nHEALTHCHECK CMD wget -q --spider http://127.0.0.1/ || «true»\n',
      good: 'FROM debian:12\nHEALTHCHECK CMD wget -q --spider http://127.0.0.1/ || exit 1\n',
      variant: 'exit',
    },
    { title: 'nothing is probed', bad: 'FROM debian:12\nHEALTHCHECK CMD «echo ok»\n', declined: 'nothing is probed' },
  ],
  silent: [
    { title: 'curl -f', text: 'FROM debian:12\nHEALTHCHECK CMD curl -fsS http://127.0.0.1/ || exit 1\n', is: 'held' },
    {
      title: 'a message after success',
      text: 'FROM debian:12\nHEALTHCHECK CMD curl -f http://127.0.0.1/ && echo up\n',
      is: 'held',
    },
    {
      title: 'grep looks at the answer',
      text: 'FROM debian:12\nHEALTHCHECK CMD curl -s http://127.0.0.1/health | grep -q UP\n',
      is: 'held',
    },
    { title: 'none', text: 'FROM debian:12\nRUN true\n', is: 'not-applicable' },
  ],
};
