import type { Evidence } from '../vocabulary/index.ts';
import { isKnown } from './known.ts';
import { startOf } from './start.ts';
import type { Build, Purpose, Stage, Step } from './types.ts';

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Programs that listen until they are stopped. */
const SERVERS = words(
  'nginx openresty httpd httpd-foreground apache2 apache2-foreground apachectl apache2ctl lighttpd caddy traefik haproxy envoy varnishd squid ' +
    'gunicorn uvicorn hypercorn daphne uwsgi waitress-serve granian puma unicorn thin rackup passenger php-fpm frankenphp rr catalina.sh ' +
    'redis-server mysqld mysqld_safe mariadbd postgres mongod mongos rabbitmq-server memcached cassandra elasticsearch etcd consul vault nats-server ' +
    'prometheus grafana-server influxd telegraf registry dockerd sshd named dnsmasq vsftpd pure-ftpd smbd slapd postfix dovecot openvpn ' +
    'supervisord runsvdir my_init s6-svscan systemd http-server serve json-server pm2 pm2-runtime forever nodemon next-server ' +
    'jenkins.sh kafka-server-start.sh zkServer.sh solr neo4j minio verdaccio mosquitto coturn turnserver jupyter jupyter-notebook jupyter-lab',
);

/** Server by its arguments: the program alone may be anything. */
const SERVING: readonly (readonly [program: RegExp, argument: RegExp])[] = [
  [/^(?:rails|bin\/rails)$/, /^(?:s|server)$/],
  [/^(?:flask|fastapi|django-admin|mkdocs|jekyll|hugo|php|artisan)$/, /^(?:run|serve|server|runserver|dev|-S|start)$/],
  [/^python[\d.]*$/, /^(?:runserver|http\.server|SimpleHTTPServer|uvicorn|gunicorn|waitress|hypercorn|flask)$/],
  [/^(?:npm|yarn|pnpm|bun)$/, /^(?:start|serve|dev|start:.*)$/],
  [/^(?:next|nuxt|vite|ng|gatsby|astro|react-scripts|webpack|webpack-dev-server)$/, /^(?:start|serve|dev|preview)$/],
  [/^(?:vault|consul|minio|nomad|etcd)$/, /^(?:server|agent)$/],
];

/** Interpreters and shells: as a start command without arguments they wait for a person, so the image is for building on. */
const INTERACTIVE = words(
  'sh bash ash dash zsh fish node python python2 python3 ipython pypy pypy3 irb iex erl ghci jshell scala sbt php perl R lua julia swift deno bun groovysh clojure lein racket ocaml utop mono csharp gforth powershell pwsh cmd',
);

/** Programs that do one thing and end. */
const ONE_SHOT = words(
  'pytest tox nosetests rspec rake mocha jest karma eslint make cmake ant mvn gradle go cargo git curl wget rsync terraform packer ansible ansible-playbook kubectl helm aws gcloud az ' +
    'ffmpeg convert pandoc latexmk pdflatex youtube-dl yt-dlp nmap ab wrk siege k6 hadolint shellcheck docker-compose sqlcmd psql mysql mysqldump pg_dump mongodump tar echo true ls cat env date',
);

function base(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** Programs that only start another one. */
const STARTERS = words(
  'exec env sudo nice tini dumb-init catatonit init gosu su-exec setpriv s6-setuidgid chpst bundle poetry pipenv uv npx bunx doppler docker-entrypoint.sh docker-php-entrypoint',
);

/** The words from the program on, without what starts it (`tini --`, `exec`, `gosu app`, `bundle exec`). */
export function startProgram(argv: readonly string[]): readonly string[] {
  let at = 0;
  for (;;) {
    const program = base(argv[at] ?? '');
    if (!STARTERS.has(program)) return argv.slice(at);
    at += 1;
    while (/^-|^\w+=/.test(argv[at] ?? '')) at += 1;
    // `gosu USER program`, `bundle exec program`, `poetry run program`.
    if (/^(?:gosu|su-exec|s6-setuidgid|chpst)$/.test(program) || /^(?:exec|run)$/.test(argv[at] ?? '')) at += 1;
  }
}

/** Commands that a start runs: its argv, or those of its script. */
function startCommands(
  stage: Stage,
  file: string,
): readonly { argv: readonly string[]; evidence: readonly Evidence[] }[] {
  const start = startOf(stage, file);
  const found: { argv: readonly string[]; evidence: readonly Evidence[] }[] = [];
  for (const step of [start.entrypointStep, start.cmdStep]) {
    for (const { command } of step?.commands ?? []) {
      const program = command.program;
      if (program === undefined) continue;
      const evidence = [{ at: { file, span: command.span }, says: `starts ${program}` }];
      found.push({ argv: [program, ...command.args.map(({ value }) => value ?? '')], evidence });
    }
  }
  // An entrypoint script is followed by the command that it ends with.
  for (const fact of [start.argv, start.cmd]) {
    if (!isKnown(fact) || fact.value.length === 0) continue;
    const argv = startProgram(fact.value);
    const [program = ''] = argv;
    found.push({ argv, evidence: fact.evidence.map(({ at }) => ({ at, says: `starts ${base(program)}` })) });
  }
  return found;
}

function isServer([program = '', ...args]: readonly string[]): boolean {
  const name = base(program);
  if (SERVERS.has(name)) return true;
  return SERVING.some(
    ([programs, arguments_]) => programs.test(name) && args.some((argument) => arguments_.test(argument)),
  );
}

/** EXPOSE in what ships. */
function exposes(stages: readonly Stage[]): Step | undefined {
  for (const stage of stages) {
    const step = stage.steps.find(({ instruction }) => instruction.name === 'EXPOSE');
    if (step !== undefined) return step;
  }
  return undefined;
}

/**
 * What a stage is for, when it is built and started without further arguments. A server as start command or an EXPOSE makes
 * a service; ONBUILD, an interactive interpreter or no start command of its own a base; a program that ends a job.
 */
export function purposeOf(build: Build, stage: Stage): Purpose {
  const { file } = build;
  const chain = [stage, ...stage.ancestors];
  const seen = (step: Step, says: string): Evidence => ({ at: { file, span: step.instruction.span }, says });

  const commands = startCommands(stage, file);
  const server = commands.find(({ argv }) => isServer(argv));
  const exposed = exposes(chain);
  const probe = stage.end.healthcheck;
  if (server !== undefined || exposed !== undefined) {
    const evidence = [...(server?.evidence ?? []), ...(exposed === undefined ? [] : [seen(exposed, 'exposes a port')])];
    return { is: 'service', evidence };
  }
  const onbuild = stage.steps.find(({ instruction }) => instruction.name === 'ONBUILD');
  if (onbuild !== undefined)
    return { is: 'base', evidence: [seen(onbuild, 'has instructions for images that are built on it')] };
  if (probe !== undefined && probe.instruction.probe?.value.toUpperCase() !== 'NONE') {
    return { is: 'service', evidence: [seen(probe, 'has a health check')] };
  }

  const start = startOf(stage, file);
  if (isKnown(start.argv)) {
    const argv = startProgram(start.argv.value);
    const evidence = start.argv.evidence;
    if (argv.length === 0) return { is: 'base', evidence: [seen(stage.from, 'has no start command')] };
    if (
      argv.length <= 2 &&
      argv.slice(1).every((word) => /^-[ailp]$|^-de0$/.test(word)) &&
      INTERACTIVE.has(base(argv[0] as string))
    ) {
      return { is: 'base', evidence: evidence.map(({ at }) => ({ at, says: 'starts an interactive program' })) };
    }
    if (argv.some((word) => /^(?:--help|-h|--version|help)$/.test(word))) {
      return { is: 'job', evidence: evidence.map(({ at }) => ({ at, says: 'prints its help by default' })) };
    }
  }
  // What an operating system's image starts by itself is a shell, by whatever name.
  const system =
    isKnown(stage.image.entrypoint) && stage.image.entrypoint.value.length === 0 && isKnown(stage.image.os);
  if (start.entrypointStep === undefined && start.cmdStep === undefined && system && !isKnown(start.cmd))
    return { is: 'base', evidence: [seen(stage.from, 'has no start command of its own')] };
  const last = commands.at(-1);
  if (last !== undefined && ONE_SHOT.has(base(startProgram(last.argv)[0] ?? '')))
    return { is: 'job', evidence: last.evidence };
  return { is: 'unknown', evidence: [] };
}
