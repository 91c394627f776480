import { newlineOf } from '../../language/edit/index.ts';
import { type Build, changesScript, isKnown, neededRuns, type Step } from '../../model/index.ts';
import type { Span } from '../../vocabulary/index.ts';
import { type Declined, defineRule, type Finding, found, type Proposal, type RuleDocs } from '../define.ts';

/** The body that BuildKit gives to the shell as the whole script. */
function bodyOf({ instruction, scripts, argv }: Step): Span | undefined {
  const [heredoc, more] = instruction.heredocs;
  if (heredoc === undefined || more !== undefined || argv !== undefined || scripts.length !== 1) return undefined;
  const { args } = instruction;
  if (args.form !== 'shell' || args.script.text.trim().replace(/^\d*<<-?["']?[\w.]+["']?$/, '') !== '')
    return undefined;
  return heredoc.bodySpan;
}

/** Commands before the last list whose failure nobody notices. */
function unheeded({ commands, scripts }: Step) {
  const last = scripts[0]?.lists.at(-1);
  return commands.find(
    ({ command }) =>
      command.list !== last &&
      !command.decisive &&
      command.nesting.length === 0 &&
      command.pipeline.length === 1 &&
      command.list.operators.every(({ text }) => text === '&&') &&
      command.program !== undefined &&
      !/^(?:set|echo|printf|:|true|export|umask|shopt)$/.test(command.program),
  );
}

function indentAt(text: string, at: number, blanks: RegExp): string {
  return blanks.exec(text.slice(at, at + 200))?.[0] ?? '';
}

function withErrexit(build: Build, step: Step, body: Span): Proposal | Declined {
  const { text } = build.dockerfile;
  const [script] = step.scripts;
  if (script?.partial !== false) return { declined: 'a part of the script cannot be read' };
  const start = step.instruction.heredocs[0]?.chomp ? body[0] + indentAt(text, body[0], /^\t*/).length : body[0];
  const shebang = text.startsWith('#!', start);
  if (!isKnown(step.before.shell) && !shebang) return { declined: 'which shell reads the script is not known' };
  const at = shebang ? text.indexOf('\n', start) + 1 : body[0];
  const indent = indentAt(text, at, /^[ \t]*/);
  return {
    title: 'end the script at the first failure',
    variant: 'default',
    edits: [{ span: [at, at], text: `${indent}set -e${newlineOf(text)}` }],
    claims: [changesScript(build, step), { kind: 'observed', probe: 'builds', expect: true }],
  };
}

export default defineRule({
  id: 'heredoc-without-errexit',
  practice: 'P5',
  catalogue: ['G031'],
  level: 'warning',
  fixClass: 'B',
  summary: 'in a heredoc only the last command decides whether the RUN fails',
  aliases: [],
  subject: 'dockerfile',
  check({ build }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of neededRuns(build)) {
      const body = bodyOf(step);
      if (body === undefined || step.scripts[0]?.opaque !== undefined) continue;
      seen ??= step;
      const ignored = step.scripts[0]?.errexit ? undefined : unheeded(step);
      if (ignored === undefined) continue;
      findings.push({
        at: ignored.command.span,
        message: 'when this fails, the script goes on and the RUN may succeed',
        help: 'start the heredoc with set -e',
        step,
        fix: withErrexit(build, step, body),
      });
    }
    return found(
      findings,
      seen === undefined
        ? { is: 'not-applicable', because: 'no RUN is a heredoc that a shell reads' }
        : {
            is: 'held',
            evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'a failure ends its script' }],
          },
    );
  },
});

export const docs: RuleDocs = {
  why: `A heredoc is a script like any other: a failing line is followed by the next, and the status of the RUN is that of the last.
Lines that were joined by \`&&\` before lose that when they are rewritten as a heredoc; \`set -e\` in its first line brings it
back. The fix is unsafe: a line whose failure did not matter so far then ends the build.`,
  examples: [
    {
      bad: 'FROM debian:12\nRUN <<EOF\n«apt-get update»\napt-get install -y curl\nrm -rf /var/lib/apt/lists/*\nEOF\n',
      good: 'FROM debian:12\nRUN <<EOF\nset -e\napt-get update\napt-get install -y curl\nrm -rf /var/lib/apt/lists/*\nEOF\n',
    },
    {
      title: 'with a shebang, indented',
      bad: 'FROM debian:12\nRUN <<-EOF\n\t#!/bin/bash\n\t«mkdir /a»\n\tcp -r /etc /a\nEOF\n',
      good: 'FROM debian:12\nRUN <<-EOF\n\t#!/bin/bash\n\tset -e\n\tmkdir /a\n\tcp -r /etc /a\nEOF\n',
    },
    {
      title: 'with a shebang',
      bad: 'FROM debian:12\nRUN <<EOF\n#!/bin/bash\n«mkdir /a»\ncp -r /etc /a\nEOF\n',
      good: 'FROM debian:12\nRUN <<EOF\n#!/bin/bash\nset -e\nmkdir /a\ncp -r /etc /a\nEOF\n',
    },
  ],
  silent: [
    { title: 'set -e', text: 'FROM debian:12\nRUN <<EOF\nset -eux\nmkdir /a\ncp -r /etc /a\nEOF\n', is: 'held' },
    {
      title: 'SHELL says it',
      text: 'FROM debian:12\nSHELL ["/bin/bash", "-ec"]\nRUN <<EOF\nmkdir /a\ncp -r /etc /a\nEOF\n',
      is: 'held',
    },
    { title: 'one command', text: 'FROM debian:12\nRUN <<EOF\nmkdir /a && cp -r /etc /a\nEOF\n', is: 'held' },
    {
      title: 'Python',
      text: 'FROM python:3.13\nRUN <<EOF\n#!/usr/bin/env python\nprint(1)\nprint(2)\nEOF\n',
      is: 'not-applicable',
    },
    { title: 'a file, not a script', text: 'FROM debian:12\nRUN cat <<EOF > /a\na\nb\nEOF\n', is: 'not-applicable' },
  ],
};
