/** What a program is for when a container starts it. */
export interface Role {
  /** It listens until it is stopped, waits for a person to type, or does what it was asked and ends. */
  readonly is: 'server' | 'prompt' | 'task';
  /** What was seen, for evidence: `starts nginx`. */
  readonly says: string;
  /** It tells of itself, its help or version, and ends. */
  readonly tells?: true;
}

const words = (list: string): ReadonlySet<string> => new Set(list.split(' '));

/** Programs that listen until they are stopped. */
const SERVERS = words(
  'nginx openresty httpd httpd-foreground apache2 apache2-foreground apachectl apache2ctl lighttpd caddy traefik haproxy envoy varnishd squid ' +
    'gunicorn uvicorn hypercorn daphne uwsgi waitress-serve granian puma unicorn thin rackup passenger php-fpm frankenphp rr catalina.sh ' +
    'redis-server mysqld mysqld_safe mariadbd postgres mongod mongos rabbitmq-server memcached cassandra elasticsearch etcd consul vault nats-server ' +
    'prometheus grafana-server influxd telegraf registry dockerd sshd named dnsmasq vsftpd pure-ftpd smbd slapd postfix dovecot openvpn ' +
    'supervisord runsvdir my_init s6-svscan systemd http-server serve json-server pm2 pm2-runtime forever nodemon next-server ' +
    'jenkins.sh kafka-server-start.sh zkServer.sh solr neo4j minio verdaccio mosquitto coturn turnserver jupyter jupyter-notebook jupyter-lab ' +
    'chromedriver geckodriver fluentd searchd xinetd radiusd unbound asterisk freeswitch prosody transmission-daemon syncthing gitea gogs kibana ' +
    'proftpd snmpd tinyproxy privoxy sockd dropbear coredns pdns_server ttyd gotty code-server live-server bitcoind',
);

/** Server by its arguments: the program alone may be anything. */
const SERVING: readonly (readonly [program: RegExp, argument: RegExp])[] = [
  [/^(?:rails|bin\/rails)$/, /^(?:s|server)$/],
  [/^(?:flask|fastapi|django-admin|mkdocs|jekyll|hugo|php|artisan)$/, /^(?:run|serve|server|runserver|dev|-S|start)$/],
  [/^python[\d.]*$/, /^(?:runserver|http\.server|SimpleHTTPServer|uvicorn|gunicorn|waitress|hypercorn|flask)$/],
  [/^(?:npm|yarn|pnpm|bun)$/, /^(?:start|serve|dev|start:.*)$/],
  [/^(?:next|nuxt|vite|ng|gatsby|astro|react-scripts|webpack|webpack-dev-server)$/, /^(?:start|serve|dev|preview)$/],
  [/^(?:vault|consul|minio|nomad|etcd)$/, /^(?:server|agent)$/],
  [/^mix$/, /\.server$/],
  [/^(?:mvn|mvnw|gradle|gradlew)$/, /^(?:spring-boot:run|jetty:run|tomcat\d*:run|quarkus:dev|bootRun|appRun)$/],
  [/^(?:git|rsync)$/, /^(?:--)?daemon$/],
  [/^iperf3?$/, /^(?:-s|--server)$/],
];

/** Services that `service NAME start` and `/etc/init.d/NAME start` put into the background. */
const DAEMON =
  /^(?:apache2|httpd|nginx|lighttpd|haproxy|squid\d?|varnish|sshd?|mysqld?|mariadb|postgresql(?:-[\d.]+)?|redis(?:-server)?|mongod(?:b)?|memcached|rabbitmq-server|elasticsearch|tomcat\d*|jetty|jenkins|neo4j|php[\d.]*-fpm|bind9|named|slapd|vsftpd|postfix|dovecot|smbd|samba|asterisk|docker)$/;

/** A name that says it: `server.js`, `web-server`, `node_exporter`. */
const SERVER_NAME = /^(?:[\w.-]*[-_.])?(?:web|http|api|app|run)?server$|[-_]exporter$/i;

/** Addresses and options with which a program is told where to listen; a client is never given them. */
const LISTENS = /(?:^|[=/])(?:0\.0\.0\.0|\[::\])(?::\d+)?$|^-{1,2}(?:listen(?:-address)?|web\.listen-address)(?:=|$)/;
const SERVER_PORT = /^(?:-D|--)server\.port=/;

/** Interpreters and shells: without arguments they wait for a person. */
const PROMPTS = words(
  'sh bash ash dash zsh fish node python python2 python3 ipython pypy pypy3 irb iex erl ghci jshell scala sbt php perl R lua julia swift deno bun groovysh clojure lein racket ocaml utop mono csharp gforth powershell pwsh cmd amm mill',
);

/** Programs that do one thing and end. */
const TASKS = words(
  'pytest tox nosetests rspec rake mocha jest karma eslint make cmake ant mvn gradle go cargo git curl wget rsync terraform packer ansible ansible-playbook kubectl helm aws gcloud az ' +
    'ffmpeg convert pandoc latexmk pdflatex youtube-dl yt-dlp nmap ab wrk siege k6 hadolint shellcheck docker-compose sqlcmd psql mysql mysqldump pg_dump mongodump tar echo true ls cat env date ' +
    'phpunit php-cs-fixer phpcs phpcbf phpcpd phpmd phpstan composer pylint flake8 mypy black isort bandit yamllint ansible-lint ansible-galaxy prettier stylelint tsc rollup bower lessc sass ' +
    'gcc g++ clang clang-format clang-tidy cppcheck rustc javac ghc stack cabal mix protoc sqlite3 jq yq xmllint pip pip3 twine bundler gem Rscript bats ' +
    'avconv ffprobe sox inkscape gs mogrify identify exiftool tesseract dot asciidoctor sphinx-build lualatex xelatex wkhtmltopdf fontforge openssl ssh-keygen ssh-import-id scp sftp ' +
    'rclone restic borg s3cmd gsutil mc certbot lego kustomize terragrunt tflint tfsec eksctl doctl heroku travis newman jmeter hey vegeta sysbench stress stress-ng iperf masscan hping3 sslscan nikto sqlmap wpscan ' +
    'dig nslookup ping traceroute whois pg_restore redis-cli mongo mongosh mongorestore mongoimport cqlsh cowsay fortune grails sleep',
);

/** With these a tool runs what the project says, or does not end: `go run`, `cargo run`, `mix run --no-halt`, `sass --watch`. */
const RUNS_ON =
  /^(?:run|start|serve|server|s_server|exec|watch|-w|--watch|up|local|proxy|dev|daemon|listen|.*[:-](?:run|start|serve|watch|dev))$/;

/** Tasks by what they are asked for: the program alone may serve. */
const TASK_ARGUMENTS: readonly (readonly [program: RegExp, argument: RegExp])[] = [
  [/^(?:npm|yarn|pnpm|bun)$/, /^(?:test|t|build|install|ci|lint|publish)$/],
  [/^python[\d.]*$/, /^(?:setup\.py|pytest|unittest|nose|tox|pip)$/],
  [/^(?:gulp|grunt)$/, /^(?:build|test|lint|dist)$/],
  [/^dotnet$/, /^(?:test|build|publish|restore)$/],
  [/^(?:hugo|jekyll|mkdocs|next|ng|vite|gatsby|webpack)$/, /^(?:build|generate)$/],
];

const ASKS_FOR_HELP = /^(?:--help|--version|-version|help)$/;

const base = (path: string): string => path.slice(path.lastIndexOf('/') + 1);
const withoutEnding = (name: string): string => name.replace(/\.(?:js|mjs|cjs|ts|py|rb|pl|php|sh|jar|exe|out)$/, '');

/** What an interpreter is given to run: the first argument that is no option. */
function scriptOf(name: string, args: readonly string[]): string | undefined {
  if (!PROMPTS.has(name) && !/^(?:java|python[\d.]+|ruby|ts-node|coffee)$/.test(name)) return undefined;
  if (name === 'java') return args[args.indexOf('-jar') + 1];
  const first = args.find((word) => !word.startsWith('-') || /^-[cem]$/.test(word));
  return first?.startsWith('-') ? undefined : first;
}

/** What serves: the program itself, or the script that it is given. */
function serverOf(name: string, args: readonly string[]): string | undefined {
  // `php-fpm7.2`, `php7.2-fpm`, `uwsgi3`
  if (SERVERS.has(name) || SERVERS.has(name.replace(/[\d.]+$/, '')) || /^php[\d.]*-fpm$/.test(name)) return name;
  if (SERVER_NAME.test(withoutEnding(name))) return name;
  const script = base(scriptOf(name, args) ?? '');
  if (SERVER_NAME.test(withoutEnding(script))) return script;
  const serves = SERVING.some(
    ([programs, arguments_]) => programs.test(name) && args.some((argument) => arguments_.test(argument)),
  );
  return serves ? name : undefined;
}

/** `service nginx start`, `/etc/init.d/mysql restart`. */
function startedService(program: string, args: readonly string[]): string | undefined {
  const [service, action] = /\/(?:init|rc)\.d\//.test(program)
    ? [base(program), args[0]]
    : base(program) === 'service'
      ? [args[0], args[1]]
      : [undefined, undefined];
  return service !== undefined && DAEMON.test(service) && /^(?:re)?start$/.test(action ?? '') ? service : undefined;
}

/**
 * Reads the role off a program's name and arguments, as far as they tell.
 * @param argv program first, what only starts it (`exec`, `tini --`) left out; '' for a word that is not known
 * @param alone nothing runs before it: a program that waits, or starts others by the clock, is all there is
 */
export function roleOf([program = '', ...args]: readonly string[], alone: boolean): Role | undefined {
  const name = base(program);
  if (name === '') return undefined;
  const starts = `starts ${name}`;
  // `-h` before another word names a host, and `-v` asks an interpreter for its version, a server for more words.
  const version = args.length === 1 && /^-[vV]$/.test(args[0] ?? '') && PROMPTS.has(name);
  if (args.some((word) => ASKS_FOR_HELP.test(word)) || args.at(-1) === '-h' || version)
    return { is: 'task', says: `${starts} to print its help or version`, tells: true };
  const service = startedService(program, args);
  if (service !== undefined) return { is: 'server', says: `starts ${service}` };
  const server = serverOf(name, args);
  if (server !== undefined) return { is: 'server', says: `starts ${server}` };
  if (PROMPTS.has(name.replace(/[\d.]+$/, '')) || PROMPTS.has(name)) {
    // `bash --login`, `php -a`, `perl -de0`, `mill -i`.
    const prompts =
      args.length <= 1 && args.every((word) => /^-[ailp]$|^-de[01]$|^--(?:login|interactive)$/.test(word));
    if (prompts) return { is: 'prompt', says: `${starts}, which waits for input` };
  }
  if (TASKS.has(name)) {
    if ((name === 'sleep' && !alone) || args.some((word) => RUNS_ON.test(word))) return undefined;
    return { is: 'task', says: starts };
  }
  if (TASK_ARGUMENTS.some(([programs, wanted]) => programs.test(name) && args.some((word) => wanted.test(word))))
    return { is: 'task', says: `${starts} ${args[0] ?? ''}`.trimEnd() };
  if (alone && /^crond?$/.test(name)) return { is: 'task', says: `${starts}, which runs jobs by the clock` };
  if (alone && name === 'tail' && args.at(-1) === '/dev/null') return { is: 'task', says: 'only waits' };
  if (args.some((word) => LISTENS.test(word) || SERVER_PORT.test(word)))
    return { is: 'server', says: 'is told where to listen' };
  return undefined;
}
