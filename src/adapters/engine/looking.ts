/** The sockets of a network, as Linux tells them to every process in it. */
const socketTables = ['tcp', 'tcp6', 'udp', 'udp6'].map((name) => `/proc/net/${name}`);

const shellScript = `cat ${socketTables.join(' ')} /proc/[0-9]*/stat 2>/dev/null; :`;
const nodeScript = `const fs=require('fs');for(const p of [...${JSON.stringify(socketTables)},...fs.readdirSync('/proc').filter((n)=>/^\\d+$/.test(n)).map((n)=>'/proc/'+n+'/stat')])try{process.stdout.write(fs.readFileSync(p,'utf8'))}catch{}`;
const pythonScript = `import sys, glob
for p in ${JSON.stringify(socketTables)} + glob.glob('/proc/[0-9]*/stat'):
  try: sys.stdout.write(open(p, errors='replace').read())
  except OSError: pass
`;
const perlScript = `for(qw(${socketTables.join(' ')}),glob'/proc/[0-9]*/stat'){open(F,$_)and print <F>}`;

/**
 * What images bring to read /proc with, the frequent first: a container of one joins the network and the processes of the one that is
 * looked at. An engine's own list of processes leaves out zombies.
 */
export const readers: readonly { readonly program: string; readonly args: readonly string[] }[] = [
  { program: 'sh', args: ['-c', shellScript] },
  { program: 'busybox', args: ['sh', '-c', `busybox ${shellScript}`] },
  { program: 'node', args: ['-e', nodeScript] },
  { program: 'python3', args: ['-c', pythonScript] },
  { program: 'python', args: ['-c', pythonScript] },
  { program: 'perl', args: ['-e', perlScript] },
];

/** Whether a reader has read anything. */
export const hasRead = (text: string) => text.includes('local_address');

/** Ids of the processes that have ended and were not waited for. */
export const zombiesIn = (text: string) => [...text.matchAll(/^(\d+) \(.{1,64}\) Z /gm)].map(([, id]) => Number(id));

const anyAddress = /^0+$/;
const loopback = /^(?:[0-9A-F]{6}7F|0{24}01000000|0{16}FFFF0000[0-9A-F]{6}7F)$/;

/**
 * Ports that are listened at: `3000`, `127.0.0.1:9229` for one that only the container itself can reach, `53/udp`; each once, in
 * order.
 * @param text what a reader has read
 */
export function openPorts(text: string): readonly string[] {
  const found = new Map<string, number>();
  for (const line of text.split('\n')) {
    const [, address = '', hex = '', state] =
      /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) [0-9A-F]+:[0-9A-F]{4} ([0-9A-F]{2}) /.exec(line) ?? [];
    // LISTEN of TCP, and of UDP what is bound to no other end.
    if (state !== '0A' && state !== '07') continue;
    const port = Number.parseInt(hex, 16);
    const where = loopback.test(address) ? '127.0.0.1:' : anyAddress.test(address) ? '' : 'one address:';
    if (port > 0) found.set(`${where}${port}${state === '07' ? '/udp' : ''}`, port);
  }
  return [...found].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([name]) => name);
}

/** What the engine lays into every container. */
const ofTheEngine = /^\/(?:dev|proc|sys)(?:\/|$)|^\/etc\/(?:hosts|hostname|resolv\.conf|mtab)$|^\/(?:run\/)?\.\w+env$/;

/**
 * Files that a container has written or changed in its own layer, and folders that it made: not what is below volumes and tmpfs.
 * @param diff what `docker diff` prints
 * @param mounts where volumes are
 */
export function writtenPaths(diff: string, mounts: readonly string[]): readonly string[] {
  const paths = diff.split('\n').flatMap((line) => /^[AC] (\/.*)$/.exec(line)?.[1] ?? []);
  const parents = new Set(paths.map((path) => path.slice(0, path.lastIndexOf('/'))));
  return paths.filter((path) => !parents.has(path) && !ofTheEngine.test(path) && !mounts.includes(path)).sort();
}
