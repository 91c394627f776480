import { looseArray } from '../../language/edit/index.ts';
import { claimName, configClaimName, type Step } from '../../model/index.ts';
import type { Claim } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

const FIELD: Readonly<Record<string, string>> = { CMD: 'Cmd', ENTRYPOINT: 'Entrypoint', HEALTHCHECK: 'Healthcheck' };

function toJson(step: Step, words: readonly string[]): Proposal | Declined {
  const { instruction } = step;
  const field = FIELD[instruction.name];
  if (instruction.innerComments.length > 0) return { declined: 'a comment stands inside the instruction' };
  if (words.length === 1 && /\s/.test(words[0] ?? ''))
    return { declined: 'one string holds a program and its arguments: write each as a word of its own' };
  if (step.onbuild) return { declined: 'the instruction runs in another build' };
  const config: Claim = {
    kind: 'same-build-but',
    // a RUN that becomes exec form loses its shell
    differs: [field === undefined ? claimName(step, 'args') : configClaimName(step.stage, field)],
  };
  return {
    title: 'write it as a JSON array',
    variant: instruction.name.toLowerCase(),
    edits: [{ span: instruction.args.span, text: `[${words.map((word) => JSON.stringify(word)).join(', ')}]` }],
    claims:
      instruction.name === 'CMD' || instruction.name === 'ENTRYPOINT'
        ? [config, { kind: 'observed', probe: 'argv', expect: words }]
        : [config],
  };
}

/** A later instruction of the stage replaces it. */
function isOverridden(step: Step): boolean {
  const end = step.stage?.end;
  const { name } = step.instruction;
  const inForce =
    name === 'CMD'
      ? end?.cmd
      : name === 'ENTRYPOINT'
        ? end?.entrypoint
        : name === 'HEALTHCHECK'
          ? end?.healthcheck
          : step;
  return inForce !== undefined && inForce !== step;
}

export default defineRule({
  id: 'malformed-exec-form',
  practice: 'P14',
  catalogue: ['P14.2'],
  point: 5,
  onlyAgainst: true,
  level: 'error',
  fixClass: 'S',
  summary: 'it looks like a JSON array and is none: a shell gets it as it stands',
  aliases: [],
  subject: 'dockerfile',
  reveals: true,
  check({ build }) {
    const findings: Finding[] = [];
    let arrays: Step | undefined;
    for (const step of build.steps) {
      const { instruction } = step;
      if (!['CMD', 'ENTRYPOINT', 'HEALTHCHECK', 'RUN'].includes(instruction.name)) continue;
      if (instruction.args.form === 'json') arrays ??= step;
      if (instruction.args.form !== 'shell' || instruction.heredocs.length > 0) continue;
      if (isOverridden(step)) continue;
      const words = looseArray(instruction.args.script.text);
      if (words === undefined) continue;
      findings.push({
        at: instruction.args.span,
        message: `${instruction.name} is no valid JSON array, so a shell runs the brackets as a command`,
        help: 'a JSON array has double quotes around each word, commas between them, and nothing after the bracket',
        step,
        fix:
          'declined' in words
            ? { declined: `${words.declined}: it does not show which words are meant` }
            : toJson(step, words),
      });
    }
    if (arrays === undefined) return found(findings, { is: 'not-applicable', because: 'nothing is in exec form' });
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, span: arrays.instruction.span }, says: 'exec forms are valid JSON' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `When the array is not valid JSON, the builder does not complain: it takes the text for shell form. The container then starts
\`/bin/sh -c "['node', 'server.js']"\`, and the shell finds no program named \`[node,\`.`,
  observed: ['cmd', 'entrypoint'],
  examples: [
    {
      title: 'single quotes',
      bad: `FROM debian:12-slim\nCMD «['server', '--port', '80']»\n`,
      good: 'FROM debian:12-slim\nCMD ["server", "--port", "80"]\n',
      variant: 'cmd',
    },
    {
      title: 'a comma too many',
      bad: 'FROM debian:12-slim\nENTRYPOINT «["server", "-v",]»\n',
      good: 'FROM debian:12-slim\nENTRYPOINT ["server", "-v"]\n',
      variant: 'entrypoint',
    },
    {
      title: 'curly quotes',
      bad: 'FROM debian:12-slim\nCMD «[“server”, “-v”]»\n',
      good: 'FROM debian:12-slim\nCMD ["server", "-v"]\n',
      variant: 'cmd',
    },
    {
      title: 'a health check',
      bad: `FROM debian:12-slim\nHEALTHCHECK CMD «['probe']»\nCMD ["server"]\n`,
      good: 'FROM debian:12-slim\nHEALTHCHECK CMD ["probe"]\nCMD ["server"]\n',
      variant: 'healthcheck',
    },
    { title: 'something follows', bad: 'FROM debian:12-slim\nCMD «["server"] -v»\n', declined: 'something follows' },
    { title: 'no quotes', bad: 'FROM debian:12-slim\nCMD «[server, -v]»\n', declined: 'no quotes' },
  ],
  silent: [
    { title: 'valid', text: 'FROM debian:12-slim\nCMD ["server"]\n', is: 'held' },
    {
      title: 'one that a later instruction replaces',
      text: `FROM debian:12-slim\nCMD ['server']\nCMD ["server"]\n`,
      is: 'held',
    },
    {
      title: 'the test command',
      text: 'FROM debian:12-slim\nRUN [ -f /etc/x ] || touch /etc/x\nCMD ["server"]\n',
      is: 'held',
    },
    {
      title: 'a test of a variable',
      text: 'FROM debian:12-slim\nARG A\nRUN [ "$A" = y ] && touch /a\n',
      is: 'not-applicable',
    },
  ],
};
