import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';

/**
 * A file system monitor and a program that checks signatures are named by the repository's own settings: an untrusted one must
 * not run them.
 */
const untrusting = ['-c', 'core.fsmonitor=false', '-c', 'log.showSignature=false', '-c', 'log.follow=false'];

/**
 * Starts git in a folder that nobody vouches for. What a partial clone lacks is not fetched: older versions of git do not know
 * GIT_NO_LAZY_FETCH, so no transport is allowed either.
 */
export function startGit(root: string, args: readonly string[], stdio: SpawnOptions['stdio']): ChildProcess {
  return spawn('git', [...untrusting, ...args], {
    cwd: root,
    stdio,
    shell: false,
    env: {
      ...process.env,
      GIT_NO_LAZY_FETCH: '1',
      GIT_ALLOW_PROTOCOL: 'none',
      GIT_TERMINAL_PROMPT: '0',
      GIT_OPTIONAL_LOCKS: '0',
      GIT_LITERAL_PATHSPECS: '1',
      LC_ALL: 'C',
    },
  });
}

export const sayingOf = (errors: string) => errors.trim().replace(/^fatal: /, '');

export function whyNotStarted(error: Error): string {
  return 'code' in error && error.code === 'ENOENT' ? 'git is not installed' : error.message;
}
