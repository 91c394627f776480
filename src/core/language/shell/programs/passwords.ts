import type { ShellCommand, ShellWord } from '../types.ts';

/** Options by which programs take a password as an argument. */
const PASSWORD_OPTION = /^(?:-p|--password|--pass)(?:=(.+))?$/;
const LOGINS = new Set(['docker', 'podman', 'buildah', 'skopeo', 'helm', 'az', 'oc', 'cf', 'heroku', 'npm-cli-login']);

function plain(word: ShellWord | undefined): word is ShellWord {
  return word !== undefined && word.value !== undefined && word.value !== '';
}

/** `docker login -u me -p password`: the word of the password. */
function givenToLogin({ program, args }: ShellCommand): readonly ShellWord[] {
  if (program === undefined || !LOGINS.has(program) || !args.some(({ value }) => value === 'login')) return [];
  const found: ShellWord[] = [];
  args.forEach((word, i) => {
    const option = PASSWORD_OPTION.exec(word.value ?? '');
    if (option === null) return;
    const value = option[1] === undefined ? args[i + 1] : word;
    if (plain(value)) found.push(value);
  });
  return found;
}

/** Options by which programs that fetch or connect take a password; `pair`: the value is `name:password`. */
const OPTIONS: Readonly<Record<string, { readonly option: RegExp; readonly pair?: true }>> = {
  curl: { option: /^(?:-u|--user|-U|--proxy-user)(?:=(.+))?$/, pair: true },
  wget: { option: /^--(?:http-|ftp-|proxy-)?password(?:=(.+))?$/ },
  sshpass: { option: /^-p(.+)?$/ },
  'redis-server': { option: /^--requirepass$/ },
};
const PAIR = /^[^:$]+:[^:$]+/;

/** `curl -u me:password`, `wget --password=…`. */
function givenByOption(command: ShellCommand): readonly ShellWord[] {
  const known = OPTIONS[command.program ?? ''];
  if (known === undefined) return [];
  return command.args.flatMap((word, i) => {
    const option = known.option.exec(word.value ?? '');
    if (option === null) return [];
    const value = option[1] === undefined ? command.args[i + 1] : word;
    if (!plain(value)) return [];
    const text = option[1] ?? value.value ?? '';
    return known.pair && !PAIR.test(text) ? [] : [value];
  });
}

/** Variables that clients of databases and the like read a password from. */
const VARIABLES = new Set(['PGPASSWORD', 'MYSQL_PWD', 'SSHPASS', 'REDISCLI_AUTH']);

function givenByVariable({ assignments }: ShellCommand): readonly ShellWord[] {
  return assignments.flatMap(({ name, value }) => (VARIABLES.has(name) && plain(value) ? [value] : []));
}

/** Words by which a command gives a program a password in clear text, and who gets it: `docker login`, `curl`. */
export function passwordsGiven(command: ShellCommand): readonly { readonly word: ShellWord; readonly given: string }[] {
  const program = command.program ?? 'a program';
  return [
    ...givenToLogin(command).map((word) => ({ word, given: `${program} login` })),
    ...[...givenByOption(command), ...givenByVariable(command)].map((word) => ({ word, given: program })),
  ];
}

/** Programs that read a password from standard input, when their arguments (joined by blanks) say so. */
const STDIN: readonly (readonly [program: RegExp, args: RegExp, given: string])[] = [
  [
    /^(?:docker|podman|buildah|skopeo|helm|crane|oras|nerdctl|regctl)$/,
    /\blogin\b.*--(?:password|pass)-stdin/,
    ' login',
  ],
  [/^(?:gh|glab)$/, /\blogin\b.*--(?:with-token|stdin)/, ' login'],
  [/^passwd$/, /--stdin/, ''],
  [/^htpasswd$/, /(?:^| )-[a-zA-Z]*i/, ''],
  [/^gpg2?$/, /--passphrase-fd[ =]0/, ''],
  [/^openssl$/, /-pass(?:in|out)? stdin/, ''],
  [/^smbpasswd$/, /(?:^| )-[a-z]*s/, ''],
];

/** Who reads a password from the command's standard input: `docker login`, `sudo`; undefined when nobody does. */
export function readsPassword({ program, args, words, wrappers }: ShellCommand): string | undefined {
  if (wrappers.some((name) => /(?:^|\/)sudo$/.test(name))) {
    const at = words.findIndex(({ value }) => /(?:^|\/)sudo$/.test(value ?? ''));
    const flags = words.slice(at + 1, words.length - args.length);
    if (flags.some(({ value }) => value === '--stdin' || /^-[A-Za-z]*S/.test(value ?? ''))) return 'sudo';
  }
  if (program === undefined) return undefined;
  const named = STDIN.filter(([name]) => name.test(program));
  if (named.length === 0) return undefined;
  const text = args.map(({ unquoted }) => unquoted).join(' ');
  const reader = named.find(([, options]) => options.test(text));
  return reader === undefined ? undefined : `${program}${reader[2]}`;
}
