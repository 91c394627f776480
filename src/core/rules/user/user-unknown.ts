import { accountsOf, type Build, isKnown, isSystemAccount, isWindows, type Step } from '../../model/index.ts';
import { defineRule, type Finding, found, type RuleDocs } from '../define.ts';

/** The first step of the file that makes an account of that name. */
function makerOf({ stages }: Build, account: string): Step | undefined {
  for (const stage of stages) {
    const made = accountsOf(stage).named(account)?.step;
    if (made !== undefined) return made;
  }
  return undefined;
}

export default defineRule({
  id: 'user-unknown',
  practice: 'P9',
  catalogue: ['G051', 'P9.6'],
  level: 'error',
  fixClass: 'R+B',
  summary: 'USER names an account that does not exist',
  aliases: [],
  about: { instructions: ['USER'], otherwise: 'no USER is set' },
  subject: 'target',
  check({ build, target }) {
    const findings: Finding[] = [];
    let seen: Finding['at'] | undefined;
    let doubt: string | undefined;
    if (isWindows(build, target)) return { is: 'not-applicable', because: 'Windows has accounts of another kind' };
    for (const stage of build.needed) {
      for (const step of stage.steps) {
        const { name, args } = step.instruction;
        const word = name === 'USER' && args.form === 'words' ? args.words[0] : undefined;
        if (word === undefined) continue;
        seen ??= word.span;
        const value = step.expand(word);
        if (!isKnown(value)) {
          doubt ??= 'USER is a variable';
          continue;
        }
        const account = value.value.replace(/:.*$/s, '');
        if (/^\d+$/.test(account) || account === '') continue;
        const scratch = stage.root.kind === 'scratch';
        const accounts = accountsOf(stage, step);
        if (accounts.named(account) !== undefined || (!scratch && isSystemAccount(account))) continue;
        if (accounts.doubt !== undefined) {
          doubt ??= accounts.doubt;
          continue;
        }
        const made = makerOf(build, account);
        findings.push({
          at: word.span,
          message: `there is no account ${account} here`,
          help: 'make it in this stage before USER, or name it by a number',
          step,
          ...(made !== undefined && { related: [{ at: made.instruction.span, label: 'another stage makes it' }] }),
          fix: { declined: 'how the account should be made is not known: `layerwise adopt` will make one' },
        });
      }
    }
    if (findings.length > 0) return found(findings, { is: 'held', evidence: [] });
    if (seen === undefined) return { is: 'not-applicable', because: 'no USER is set' };
    if (doubt !== undefined) return { is: 'unknown', because: doubt };
    return {
      is: 'held',
      evidence: [{ at: { file: build.file, span: seen }, says: 'every account exists, or is a number' }],
    };
  },
});

export const docs: RuleDocs = {
  why: `A name is looked up in the image's \`/etc/passwd\` when something runs: the next RUN, or the container, fails with “unable to find user”.
It happens when the account is made in a builder stage only, or for \`scratch\`, which has no such file. A number needs no account.`,
  examples: [
    {
      title: 'made in another stage',
      bad: 'FROM golang:1.25 AS build\nRUN useradd -u 10001 app\nFROM debian:13-slim\nCOPY --from=build /app /app\nUSER «app»\nENTRYPOINT ["/app"]\n',
      declined: 'adopt',
    },
    {
      title: 'scratch has no accounts',
      bad: 'FROM scratch\nCOPY app /app\nUSER «nobody»\nENTRYPOINT ["/app"]\n',
      declined: 'adopt',
    },
  ],
  silent: [
    {
      title: 'a package from a file may make it',
      text: 'FROM debian:12\nCOPY a.deb /\nRUN dpkg -i /a.deb\nUSER app\n',
      is: 'unknown',
    },
    {
      title: 'a package from an address may make it',
      text: 'FROM centos:7\nRUN rpm -ivh http://example.com/a.rpm\nUSER app\n',
      is: 'unknown',
    },
    {
      title: 'accounts that Windows brings',
      text: '# escape=`\nFROM mcr.microsoft.com/windows/nanoserver:ltsc2022\nUSER ContainerAdministrator\n',
      is: 'not-applicable',
    },
    { title: 'made in the stage', text: 'FROM debian:13-slim\nRUN useradd -u 10001 app\nUSER app\n', is: 'held' },
    { title: 'an account of the base image', text: 'FROM node:22-bookworm-slim\nUSER node\n', is: 'held' },
    { title: 'an account of the system', text: 'FROM alpine:3.22\nUSER nobody\n', is: 'held' },
    { title: 'a number', text: 'FROM scratch\nUSER 65532:65532\n', is: 'held' },
    {
      title: 'a package may make it',
      text: 'FROM debian:13-slim\nRUN apt-get update && apt-get install -y postfix\nUSER postfix\n',
      is: 'unknown',
    },
    {
      title: 'accounts are copied',
      text: 'FROM debian:13-slim AS build\nFROM scratch\nCOPY --from=build /etc/passwd /etc/passwd\nUSER app\n',
      is: 'unknown',
    },
    { title: 'no USER', text: 'FROM debian:13-slim\n', is: 'not-applicable' },
  ],
};
