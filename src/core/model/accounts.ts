import { dependsOnArgument } from './build-args.ts';
import { isKnown, valueOf } from './known.ts';
import { mayInstall } from './may-install.ts';
import { SYSTEM_MANAGERS } from './packages.ts';
import { executedSteps } from './stages.ts';
import type { Stage, Step, StepCommand } from './types.ts';
import { copyWords } from './words.ts';

export interface Account {
  readonly name: string;
  /** Undefined when nothing says it. */
  readonly uid: number | undefined;
  readonly gid: number | undefined;
  /** The step that made it; undefined for one of the base image. */
  readonly step: Step | undefined;
  /** What the number is written as, where a build argument says it: `uid` is its default. */
  readonly uidArgument?: string;
}

export interface Accounts {
  readonly known: readonly Account[];
  /** Why there may be others; undefined: there is none besides these and the system's own. */
  readonly doubt: string | undefined;
  /** A command gives an account another number or name, or takes it away: the numbers here may be old. */
  readonly changed: boolean;
}

/** Accounts that Debian, Alpine or a Red Hat system come with. */
const SYSTEM =
  /^(?:root|daemon|bin|sys|sync|games|man|lp|mail|news|uucp|proxy|www-data|backup|list|irc|gnats|_apt|nobody|adm|shutdown|halt|operator|postmaster|cron|ftp|sshd|at|squid|xfs|cyrus|vpopmail|ntp|smmsp|guest|systemd-[a-z]+|dbus|messagebus|tss|ubuntu|libuuid|syslog|mysql|postgres|http|svn|avahi|polkitd)$/;

const CHANGES = /^(?:usermod|groupmod|userdel|deluser|vipw|fixuid)$/;

/** True for a name that a system's own account may have. */
export function isSystemAccount(name: string): boolean {
  return SYSTEM.test(name);
}

function numberOf(option: string | undefined): number | undefined {
  return option !== undefined && /^\d{1,9}$/.test(option) ? Number(option) : undefined;
}

/** The account that a command makes; its numbers only where the command says them. */
function created({ invocation, step }: StepCommand): Account | undefined {
  if (invocation?.action !== 'create-user') return undefined;
  const name = invocation.operands[0]?.value;
  if (name === undefined) return undefined;
  const last = (...names: string[]) => invocation.options.findLast((option) => names.includes(option.name))?.value;
  const uid = last('--uid', '-u');
  const made = { name, uid: numberOf(uid?.value), gid: numberOf(last('--gid')?.value), step };
  return uid !== undefined && dependsOnArgument(step, uid.text) ? { ...made, uidArgument: uid.text } : made;
}

function isEtc(step: Step): boolean {
  const copy = copyWords(step);
  if (copy === undefined) return false;
  const target = valueOf(step.expand(copy.target)) ?? '$';
  return target.includes('$') || /^\/(?:$|etc(?:\/?$|\/passwd))/.test(target);
}

/** Why a step may make accounts that its text does not show. */
function doubtOf(step: Step): string | undefined {
  if (isEtc(step)) return 'a copied file may bring accounts';
  if (step.instruction.name !== 'RUN') return undefined;
  if (
    step.scripts.some(({ opaque, partial }) => opaque !== undefined || partial) ||
    (step.argv !== undefined && step.scripts.length === 0)
  )
    return 'a command that cannot be read may make accounts';
  for (const each of step.commands) {
    const { invocation, command } = each;
    if (invocation === undefined && command.words.length > 0)
      return `${command.program ?? 'a program'} may make accounts`;
    if (mayInstall(each)) return 'a script may make accounts';
    if (invocation?.action === 'install' && SYSTEM_MANAGERS.has(invocation.program))
      return 'a package may make accounts';
    const writesPasswd = command.redirects.some(({ target }) => target?.unquoted.startsWith('/etc/') === true);
    if (writesPasswd || invocation?.outputs.some(({ unquoted }) => /^\/etc(?:\/|$)/.test(unquoted)) === true)
      return 'a command writes to /etc';
    if (
      invocation?.writes.includes('users') === true &&
      (invocation.action !== 'create-user' || invocation.operands[0]?.value === undefined) &&
      invocation.action !== 'create-group'
    )
      return 'a command changes accounts';
  }
  return undefined;
}

/** Accounts of a finished stage beyond the system's own, or before one of its steps. */
export function accountsOf(stage: Stage, before?: Step): Accounts {
  const users = stage.image.users;
  const base = valueOf(users) ?? [];
  const known: Account[] = base.map((user) => ({ ...user, step: undefined }));
  let doubt = isKnown(users) ? undefined : 'the accounts of the base image are not known';
  let changed = false;
  for (const each of [...[...stage.ancestors].reverse(), stage]) {
    for (const step of executedSteps(each)) {
      if (before !== undefined && step.stage === before.stage && step.index >= before.index) break;
      doubt ??= doubtOf(step);
      if (step.instruction.name !== 'RUN') continue;
      for (const command of step.commands) {
        changed ||= CHANGES.test(command.command.program ?? '');
        const account = created(command);
        if (account !== undefined) known.push(account);
      }
    }
  }
  return { known, doubt, changed };
}
