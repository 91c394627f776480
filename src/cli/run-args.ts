import type { UsageError } from './parse.ts';

/** What `--run-args` comes to. */
export interface RunArgs {
  /** Options for the engine, each `--name` or `--name=value`. */
  readonly options: readonly string[];
  /** `NAME=VALUE` or `NAME`, of `--env`: values that must not be printed. */
  readonly env: readonly string[];
}

const shorts: Readonly<Record<string, string>> = { e: 'env', h: 'hostname', u: 'user', v: 'volume', w: 'workdir' };

/** Why a value will not do; undefined when it will. */
type Look = (value: string) => string | undefined;

const any: Look = () => undefined;
const anonymous: Look = (value) =>
  /^\/[^:]*$/.test(value)
    ? undefined
    : 'it would join the container with the host, or with a volume that outlives it: give the path in the container alone';

/** Of `--mount`: a volume's options can name a folder of the host. */
const mountKeys = new Set(['type', 'target', 'dst', 'destination', 'readonly', 'ro', 'tmpfs-size', 'tmpfs-mode']);
const mount: Look = (value) => {
  const fields = value.split(',').map((field) => field.split('=', 1)[0]?.trim().toLowerCase() ?? '');
  const other = fields.find((key) => !mountKeys.has(key));
  if (other !== undefined) return `«${other}» could join it with the host: a mount has a type and a target`;
  const types = value.split(',').filter((field) => /^\s*type\s*=/i.test(field));
  const only = types.length === 1 && /^type=(?:tmpfs|volume)$/.test(types[0] ?? '');
  return only ? undefined : 'its type is tmpfs or volume';
};

/** Options of `docker run` that give a container nothing of the host, with what their values may be. */
const taken: Readonly<Record<string, Look | 'flag'>> = {
  'add-host': any,
  'cap-drop': any,
  env: any,
  hostname: any,
  init: 'flag',
  mount,
  'read-only': 'flag',
  'shm-size': any,
  tmpfs: any,
  ulimit: any,
  user: any,
  volume: anonymous,
  workdir: any,
};

/** What prove holds back on purpose, and why. */
const refusals: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:privileged|cap-add|device|device-.*|security-opt|gpus|cgroup.*|sysctl|group-add|runtime|oom-.*|userns)$/,
    'a container of prove gets no privileges',
  ],
  [/^(?:net|network.*|publish.*|expose|link|dns.*|ip6?|mac-address)$|^[pP]$/, 'a container of prove has no network'],
  [/^(?:pid|ipc|uts|volumes-from|volume-driver)$/, 'a container of prove shares nothing with others'],
  [/^(?:memory.*|cpu.*|pids-limit)$|^[mc]$/, 'prove sets the limits itself: see --memory'],
  [/^(?:entrypoint|stop-signal|stop-timeout|health-.*|no-healthcheck)$/, 'prove looks at what the image says'],
];

/**
 * The options of `docker run` in a text, as a shell would split it. Only what gives a container no more than prove lets it have.
 * @param texts one of each `--run-args`
 */
export function runArgs(texts: readonly string[]): RunArgs | UsageError {
  const options: string[] = [];
  const env: string[] = [];
  for (const text of texts) {
    const words = wordsOf(text);
    if (words === undefined) return { usage: '--run-args has a quote that does not end', help: 'close it' };
    for (let at = 0; at < words.length; at++) {
      const word = words[at] ?? '';
      const [, long, joined] = /^--([a-z][a-z0-9-]*)(?:=(.*))?$/s.exec(word) ?? [];
      const [, short, attached] = /^-([a-zA-Z])(.*)$/s.exec(word) ?? [];
      const name = long ?? (short === undefined ? undefined : (shorts[short] ?? short));
      if (name === undefined)
        return { usage: '--run-args takes options only', help: 'each image is run with its own command' };
      const shown = long === undefined ? `-${short}` : `--${long}`;
      const look = Object.hasOwn(taken, name) ? taken[name] : undefined;
      if (look === undefined) {
        const [, why] = refusals.find(([pattern]) => pattern.test(name)) ?? [];
        return {
          usage: `--run-args: ${shown} cannot be given${why === undefined ? '' : `: ${why}`}`,
          help: `it takes ${Object.keys(taken)
            .map((one) => `--${one}`)
            .join(', ')}`,
        };
      }
      if (look === 'flag') {
        if (joined !== undefined || attached)
          return { usage: `--run-args: ${shown} takes no value`, help: 'leave the value out' };
        options.push(`--${name}`);
        continue;
      }
      const value = joined ?? (attached ? attached.replace(/^=/, '') : words[++at]);
      if (value === undefined) return { usage: `--run-args: ${shown} wants a value`, help: `write ${shown} VALUE` };
      const why = look(value);
      if (why !== undefined) return { usage: `--run-args: ${shown} cannot be given so`, help: why };
      options.push(`--${name}=${value}`);
      if (name === 'env') env.push(value);
    }
  }
  return { options, env };
}

/** Words as a shell splits them: quotes and backslashes, nothing is expanded. Undefined when a quote does not end. */
function wordsOf(text: string): readonly string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = '';
  for (let at = 0; at < text.length; at++) {
    const character = text[at] as string;
    if (quote !== '') {
      if (character === quote) quote = '';
      else if (quote === '"' && character === '\\' && /["\\$`]/.test(text[at + 1] ?? '')) word += text[++at] ?? '';
      else word += character;
    } else if (/\s/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else {
      word ??= '';
      if (character === "'" || character === '"') quote = character;
      else word += character === '\\' ? (text[++at] ?? '') : character;
    }
  }
  if (quote !== '') return undefined;
  if (word !== undefined) words.push(word);
  return words;
}
