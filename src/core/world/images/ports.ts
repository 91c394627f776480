const PROTOCOLS = new Set(['', 'tcp', 'udp', 'sctp']);

/** First and last port of `80` or `8000-8010`; undefined when it is no range. */
function portRange(text: string): readonly [number, number] | undefined {
  const dash = text.indexOf('-');
  const start = dash < 0 ? text : text.slice(0, dash);
  const end = dash < 0 ? start : text.slice(dash + 1);
  const first = portNumber(start);
  if (first === undefined || start === end) return first === undefined ? undefined : [first, first];
  const last = portNumber(end);
  return last === undefined || last < first ? undefined : [first, last];
}

function portNumber(text: string): number | undefined {
  if (!/^[+-]?\d+$/.test(text)) return undefined;
  const value = Number(text);
  return value >= 0 && value <= 65535 ? value : undefined;
}

const BYTE = '(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)';
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

function isAddress(text: string): boolean {
  if (IPV4.test(text)) return true;
  const colon = text.lastIndexOf(':');
  const last = text.slice(colon + 1);
  const mapped = last.includes('.');
  if (colon < 0 || (mapped && !IPV4.test(last))) return false;
  const halves = (mapped ? `${text.slice(0, colon)}:0:0` : text).split('::');
  const groups = halves.flatMap((half) => (half === '' ? [] : half.split(':')));
  if (halves.length > 2 || !groups.every((group) => /^[0-9A-Fa-f]{1,4}$/.test(group))) return false;
  return halves.length === 2 ? groups.length < 8 : groups.length === 8;
}

/** A port of EXPOSE in its parts, as they are written: `127.0.0.1:8080:80/tcp`. What is not written is empty. */
export interface PortParts {
  readonly address: string;
  readonly host: string;
  readonly port: string;
  readonly protocol: string;
}

/** Takes a port of EXPOSE apart, whether BuildKit accepts it or not. */
export function portParts(spec: string): PortParts {
  const parts = spec.split(':');
  const container = parts.at(-1) ?? '';
  const slash = container.indexOf('/');
  return {
    address: parts.slice(0, -2).join(':'),
    host: parts.at(-2) ?? '',
    port: slash < 0 ? container : container.slice(0, slash),
    protocol: slash < 0 ? '' : container.slice(slash + 1),
  };
}

/** First and last port of the container that a port of EXPOSE names; undefined when BuildKit refuses it. */
export function containerPorts(spec: string): readonly [number, number] | undefined {
  return portProblem(spec) === undefined ? portRange(portParts(spec).port) : undefined;
}

/**
 * Why BuildKit refuses a port of EXPOSE (`parsePort` of dockerfile2llb/convert_expose.go); the host's half, which it drops, is
 * read too.
 * @returns undefined when it accepts it
 */
export function portProblem(spec: string): string | undefined {
  const { address: written, host, port, protocol: loud } = portParts(spec);
  if (port === '') return 'the number is missing';
  const protocol = loud.toLowerCase();
  if (!PROTOCOLS.has(protocol)) return `there is no protocol ${protocol}`;
  const bracketed = /^\[([^[\]]*)\]$/.exec(written);
  const address = bracketed?.[1] ?? written;
  if (address !== '' && !isAddress(address)) return `${address} is no address`;
  const range = portRange(port);
  if (range === undefined) return `${port} is no number or range from 0 to 65535`;
  if (host === '') return undefined;
  const hosts = portRange(host);
  if (hosts === undefined) return `${host} is no number or range from 0 to 65535`;
  const [length, hostLength] = [range[1] - range[0], hosts[1] - hosts[0]];
  return length !== 0 && length !== hostLength ? `${host} has not as many ports as ${port}` : undefined;
}
