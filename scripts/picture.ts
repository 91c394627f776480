/** The README's picture: what `layerwise check` really says of a small file. */
import type { Rule } from '../src/core/rules/define.ts';

const example = `FROM debian:bookworm-slim
RUN apt-get update && apt-get install -y --no-install-recommends ca-certificates curl
RUN useradd --uid 1000 app
ADD https://example.org/tool /usr/local/bin/tool
EXPOSE 8080
USER 1000
CMD tool --port 8080
`;

/** Renders the example with the rules as they are now. Call it after the generated files are written: they are loaded here. */
export async function picture(rules: readonly Rule[]): Promise<string> {
  const { checkerOf } = await import('../src/core/lint/index.ts');
  const { pretty, tally } = await import('../src/core/reporters/index.ts');
  const report = checkerOf(rules)({ file: 'Dockerfile', text: example });
  const reporter = pretty({ width: 110 });
  const counts = tally();
  counts.add(report);
  return `${reporter.file(report)}${reporter.end(counts.summary())}`;
}
