/** A program that can ask a server, and how it tells the status. */
interface Asker {
  readonly program: string;
  readonly args: (port: number, path: string) => readonly string[];
  /** The status in its output; redirections are not followed. */
  readonly status: RegExp;
}

const url = (port: number, path: string) => `http://127.0.0.1:${port}${path}`;
const digits = /^\s*([1-5]\d\d)\s*$/;

const pythonScript =
  "import sys,http.client as h;c=h.HTTPConnection('127.0.0.1',int(sys.argv[1]),timeout=5);c.request('GET',sys.argv[2]);print(c.getresponse().status)";

/**
 * What images bring that can ask, the frequent first. Whatever a server image lacks, one of both sides most often has: a
 * container of it joins the network of the one that is asked.
 */
export const askers: readonly Asker[] = [
  {
    program: 'curl',
    args: (port, path) => [
      ...['--silent', '--output', '/dev/null', '--max-time', '5', '--write-out', '%{http_code}'],
      url(port, path),
    ],
    status: digits,
  },
  {
    program: 'node',
    args: (port, path) => [
      '-e',
      "fetch(process.argv[1],{redirect:'manual',signal:AbortSignal.timeout(5000)}).then(r=>console.log(r.status),()=>{}).then(()=>process.exit())",
      url(port, path),
    ],
    status: digits,
  },
  { program: 'python3', args: (port, path) => ['-c', pythonScript, String(port), path], status: digits },
  { program: 'python', args: (port, path) => ['-c', pythonScript, String(port), path], status: digits },
  {
    program: 'wget',
    args: (port, path) => ['-S', '-O', '/dev/null', '-T', '5', url(port, path)],
    status: /^\s*(?:wget: server returned error: )?HTTP\/[\d.]+ (\d{3})/m,
  },
  {
    program: 'perl',
    args: (port, path) => [
      '-MHTTP::Tiny',
      '-e',
      'print HTTP::Tiny->new(max_redirect=>0,timeout=>5)->get($ARGV[0])->{status}',
      url(port, path),
    ],
    // 599 is its word for no answer.
    status: /^([1-4]\d\d|5[0-8]\d|59[0-8])$/,
  },
  {
    program: 'ruby',
    args: (port, path) => [
      '-rnet/http',
      '-e',
      "print Net::HTTP.start('127.0.0.1', ARGV[0].to_i, read_timeout: 5) { |h| h.get(ARGV[1]).code }",
      String(port),
      path,
    ],
    status: digits,
  },
];

/** The status that a program told, if it told one. What the engine itself says goes to standard error too. */
export function toldStatus(
  { status }: Asker,
  { out, err }: { readonly out: string; readonly err: string },
): number | null {
  const found = (status.exec(out) ?? status.exec(err))?.[1];
  return found === undefined ? null : Number(found);
}
