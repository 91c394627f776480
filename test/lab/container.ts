import { setTimeout as sleep } from 'node:timers/promises';
import { docker, dockerPrints, type Ended } from './engine.ts';

/**
 * Starts an image with no network but its own loopback, so that nothing listens on the host. Gives the container's id.
 * @param volumes names of volumes, each with the directory that it is mounted at
 */
export async function startContainer(
  image: string,
  env: Readonly<Record<string, string>> = {},
  volumes: Readonly<Record<string, string>> = {},
): Promise<string> {
  const variables = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`]);
  const mounts = Object.entries(volumes).flatMap(([name, at]) => ['--volume', `${name}:${at}`]);
  return dockerPrints('run', '--detach', '--network=none', ...variables, ...mounts, image);
}

export async function removeContainer(id: string): Promise<void> {
  await docker(['rm', '--force', '--volumes', id]);
}

/** Runs a program once in an image of its own and removes the container. */
export async function runOnce(image: string, argv: readonly string[]): Promise<Ended> {
  const [program = '', ...args] = argv;
  return docker(['run', '--rm', '--network=none', '--entrypoint', program, image, ...args]);
}

export function execute(id: string, argv: readonly string[]): Promise<Ended> {
  return docker(['exec', id, ...argv]);
}

/** Asks until the answer is a good one, or the time is up; gives the last answer. */
export async function until<T>(ask: () => Promise<T>, good: (answer: T) => boolean, seconds: number): Promise<T> {
  const end = Date.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (good(answer) || Date.now() > end) return answer;
    await sleep(100);
  }
}

/** The user ids and commands of the container's processes, from outside, so that the image needs no `ps`. */
export async function processes(id: string): Promise<{ uid: number; command: string }[]> {
  const [, ...rows] = (await dockerPrints('top', id, '-eo', 'pid,uid,args')).split('\n');
  return rows.map((row) => {
    const [, uid, ...command] = row.trim().split(/\s+/);
    return { uid: Number(uid), command: command.join(' ') };
  });
}

/** Paths that the container made, changed or removed outside of its volumes, directories above them left out. */
export async function writtenPaths(id: string): Promise<string[]> {
  const lines = (await dockerPrints('diff', id)).split('\n').filter((line) => line !== '');
  const paths = lines.map((line) => line.slice(2));
  return paths.filter((path) => !paths.some((other) => other.startsWith(`${path}/`)));
}

/** `starting`, `healthy`, `unhealthy`, or `none` for an image without a health check. */
export function health(id: string): Promise<string> {
  return dockerPrints('inspect', '--format', '{{if .State.Health}}{{.State.Health.Status}}{{else}}none{{end}}', id);
}

/** Sends the stop signal, and SIGKILL after `patience` seconds. */
export async function stop(id: string, patience = 10): Promise<{ seconds: number; exit: number }> {
  const begun = performance.now();
  await dockerPrints('stop', '--timeout', String(patience), id);
  const seconds = (performance.now() - begun) / 1000;
  return { seconds, exit: Number(await dockerPrints('inspect', '--format', '{{.State.ExitCode}}', id)) };
}
