import { type Stage, type Step, valueOf } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

const VARIABLE = /(?<![\\$])\$(?:[A-Za-z_][A-Za-z0-9_]*|\{[A-Za-z_][^}]{0,80}\})/;
const OPERATOR = /^(?:&&|\|\|?|;|&|>>?|<|2>&1|[12]?>{1,2}\/\S+)$/;
const HOME = /^~\//;
/** Programs that are given a script, or expand variables in their arguments themselves. */
const OWN_SYNTAX =
  /^(?:(?:ba|da|a|z|k|fi|c)?sh|cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh|perl|awk|gawk|sed|envsubst|dockerize|confd|jq|java|cron|crond|supervisord|find|tclsh|expect|ruby|python[\d.]*|node|php|nginx|r|rscript|julia|lua(?:jit)?|groovy|mongo(?:sh)?|mysql|psql)$/i;

/** The first thing in a word that only a shell understands. */
function shellSyntax(value: string): string | undefined {
  if (OPERATOR.test(value)) return `${value} is passed on as a word`;
  const variable = VARIABLE.exec(value)?.[0];
  if (variable !== undefined) return `${variable} is passed on as it stands`;
  return HOME.test(value) ? '~ is passed on as it stands' : undefined;
}

/** A string for a shell that a program starts: `su app -c "…"`, `wait-for db -- sh -c "…"`. */
function isScript(words: readonly string[], at: number): boolean {
  const starts = words.slice(0, at).some((word) => /(?:^|\/)(?:su|runuser|(?:ba|da|a|z|k)?sh)$/.test(word));
  return starts && /^(?:-[a-z]*c|--command)$/.test(words[at - 1] ?? '');
}

/** A script that starts first may expand what it is given. */
function behindScript(stage: Stage, step: Step): boolean {
  if (step.instruction.name === 'ENTRYPOINT') return false;
  if (stage.end.entrypoint !== undefined) return true;
  return valueOf(stage.image.entrypoint)?.length !== 0;
}

export default defineRule({
  id: 'shell-syntax-in-exec-form',
  practice: 'P14',
  catalogue: ['G076'],
  point: 5,
  onlyAgainst: true,
  level: 'warning',
  fixClass: 'B',
  summary: 'an exec form holds shell syntax that nobody expands',
  aliases: [],
  subject: 'target',
  check({ build, target }) {
    const findings: Finding[] = [];
    let seen: Step | undefined;
    for (const step of [target.end.entrypoint, target.end.cmd]) {
      if (step?.instruction.args.form !== 'json') continue;
      seen = step;
      if (step.scripts.length > 0) continue;
      const { elements } = step.instruction.args;
      const words = elements.map(({ value }) => value);
      const program = words[0]?.slice(words[0].lastIndexOf('/') + 1) ?? '';
      for (const [at, { value, span }] of elements.entries()) {
        const says = shellSyntax(value);
        if (says === undefined || isScript(words, at)) continue;
        // `-e CODE` of an interpreter is a language of its own; an operator is nobody's argument
        if (OWN_SYNTAX.test(program) && !OPERATOR.test(value) && /[\s;({]/.test(value.replace(VARIABLE, ''))) continue;
        const doubt = behindScript(target, step);
        findings.push({
          at: span,
          message: `${says}: exec form starts no shell`,
          help: 'let the program read its environment, or write ["sh", "-c", "exec …"], so that the program still becomes PID 1',
          ...(doubt && { level: 'info' as const }),
          step,
          fix: {
            declined:
              'a shell would change how the program is started: whether it is wanted shows a run with `layerwise prove`',
          },
        });
      }
    }
    if (seen === undefined) return { is: 'not-applicable', because: 'nothing is started in exec form' };
    return found(findings, {
      is: 'held',
      evidence: [{ at: { file: build.file, span: seen.instruction.span }, says: 'the words need no shell' }],
    });
  },
});

export const docs: RuleDocs = {
  why: `\`CMD ["server", "--port", "$PORT"]\` gives the program the five characters \`$PORT\`. Variables, \`~\`, \`&&\` and redirections are the shell's,
and exec form starts none. Variables of ENV are not put in by the builder either.`,
  examples: [
    { bad: 'FROM debian:12-slim\nENTRYPOINT ["server", "--port", «"$PORT"»]\n', declined: 'prove' },
    { title: 'two commands', bad: 'FROM debian:12-slim\nCMD ["migrate", «"&&"», "server"]\n', declined: 'prove' },
    {
      title: 'a script before it may expand it: info',
      bad: 'FROM debian:12-slim\nENTRYPOINT ["/start.sh"]\nCMD ["--port=8", «"${MORE}"»]\n',
      declined: 'prove',
    },
  ],
  silent: [
    {
      title: 'a shell is started',
      text: 'FROM debian:12-slim\nCMD ["sh", "-c", "exec server --port $PORT"]\n',
      is: 'held',
    },
    {
      title: 'an interpreter gets a script',
      text: 'FROM node:22-bookworm-slim\nENTRYPOINT ["node", "-e", "let $x = 1; f($x)"]\n',
      is: 'held',
    },
    {
      title: 'su starts a shell too',
      text: 'FROM debian:12-slim\nCMD ["su", "-s", "/bin/sh", "app", "-c", "server --connect $URI /app"]\n',
      is: 'held',
    },
    {
      title: 'a shell behind another program',
      text: 'FROM debian:12-slim\nCMD ["wait-for", "db:5432", "--", "bash", "-c", "server --connect $URI"]\n',
      is: 'held',
    },
    {
      title: 'R gets a script',
      text: 'FROM r-base:4.5.1\nENTRYPOINT ["R", "-e", "pr <- plumb(f); pr$run(port=8000)"]\n',
      is: 'held',
    },
    { title: 'a setting with a semicolon', text: 'FROM nginx:1.27\nCMD ["nginx", "-g", "daemon off;"]\n', is: 'held' },
    { title: 'shell form', text: 'FROM debian:12-slim\nCMD server --port $PORT\n', is: 'not-applicable' },
  ],
};
