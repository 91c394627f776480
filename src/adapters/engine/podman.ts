import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RunCli } from './builder.ts';

/** Images of the OCI format have no health check: podman drops it unless told otherwise. */
export const podmanBuild: readonly string[] = ['--format', 'docker'];

/**
 * A process of a container, seen from outside. podman's own columns (`ps` and its options run inside, where there may be none) tell a
 * user by name where the container's accounts have one.
 * @param pid on the engine's host
 */
export async function processInPodman(
  run: RunCli,
  id: string,
  pid: number,
): Promise<{ readonly uid: number; readonly argv: string } | { readonly missing: string }> {
  const top = await run(['container', 'top', id, 'hpid', 'user', 'args']);
  if (top.exit !== 0) return { missing: `its processes cannot be seen: ${top.err.trim().split('\n').at(-1)}` };
  for (const row of top.out.split('\n')) {
    const [, number, user, argv] = /^\s*(\d+)\s+(\S+)\s+(.*?)\s*$/.exec(row) ?? [];
    if (Number(number) !== pid || user === undefined || argv === undefined) continue;
    const uid = /^\d+$/.test(user) ? Number(user) : await uidOf(run, id, user);
    return uid === undefined ? { missing: `its user ${user} has no number in /etc/passwd` } : { uid, argv };
  }
  return { missing: 'PID 1 is not among its processes' };
}

async function uidOf(run: RunCli, id: string, user: string): Promise<number | undefined> {
  const folder = await mkdtemp(join(tmpdir(), 'layerwise-passwd-'));
  try {
    const file = join(folder, 'passwd');
    if ((await run(['cp', `${id}:/etc/passwd`, file])).exit !== 0) return undefined;
    for (const line of (await readFile(file, 'utf8')).split('\n')) {
      const [name, , uid] = line.split(':');
      if (name === user && uid !== undefined && /^\d+$/.test(uid)) return Number(uid);
    }
    return undefined;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** What podman does without systemd when the time of a health check comes: nothing. So it is run for it, at the pace that the image says. */
export function healthChecks(run: RunCli, id: string, now: () => number = () => performance.now()) {
  let interval: number | undefined;
  let last = now();
  return async (): Promise<void> => {
    if (interval === undefined) {
      const seen = await run(['container', 'inspect', '--format', '{{json .Config.Healthcheck}}', id]);
      const nanoseconds = Number(/"Interval":\s*(\d+)/.exec(seen.out)?.[1] ?? 0);
      interval = nanoseconds === 0 ? 30_000 : nanoseconds / 1e6;
    }
    if (now() - last < interval) return;
    last = now();
    await run(['healthcheck', 'run', id]);
  };
}
