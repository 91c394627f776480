/** Wall time and peak memory of a process. */
import { spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Measured {
  readonly ms: number;
  /** 0 for a process too short to be looked at. */
  readonly peakMegabytes: number;
}

const lookEveryMs = 10;

function peakOf(pid: number): number {
  try {
    const kilobytes = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return Number(kilobytes ?? 0) / 1024;
  } catch {
    return 0;
  }
}

/**
 * Runs a command to its end; its output goes to a file, as a pipe's reader would cost time too.
 * NODE_EXTRA_CA_CERTS is unset: it adds 60 ms and more to every start of Node.
 * @throws Error when it cannot run, or ends with another status than 0 and 1 (diagnostics were found)
 */
export function measure(
  [program, ...args]: readonly string[],
  cwd: string,
  more: Readonly<Record<string, string>> = {},
): Promise<Measured> {
  const { NODE_EXTRA_CA_CERTS: _, ...env } = process.env;
  const output = openSync(join(cwd, '.output'), 'w');
  const started = process.hrtime.bigint();
  const child = spawn(program ?? '', args, { cwd, env: { ...env, ...more }, stdio: ['ignore', output, output] });
  let peakMegabytes = 0;
  const look = setInterval(() => {
    peakMegabytes = Math.max(peakMegabytes, peakOf(child.pid ?? 0));
  }, lookEveryMs);
  return new Promise((resolve, reject) => {
    const end = (error?: Error) => {
      const ms = Number(process.hrtime.bigint() - started) / 1e6;
      clearInterval(look);
      closeSync(output);
      if (error) reject(error);
      else resolve({ ms, peakMegabytes });
    };
    child.on('error', end);
    child.on('exit', (code, signal) => {
      if (code === 0 || code === 1) return end();
      const said = readFileSync(join(cwd, '.output'), 'utf8').slice(-500);
      end(new Error(`${program} ended with ${signal ?? code}: ${said}`));
    });
  });
}
