import { describe, expect, test } from 'vitest';
import { templateMark } from '../../src/session/template.ts';

describe('templates', () => {
  for (const [text, mark] of [
    ['FROM {{ base }}:{{ tag }}\n', '{{'],
    ['# comment\n{% if gpu %}\nFROM a\n{% endif %}\n', '{%'],
    ['FROM a\n<% packages.each do |p| %>\nRUN install <%= p %>\n<% end %>\n', '<%'],
    ['from <%= base %>', '<%'],
    ['FROM a\r\n{{- range .Packages }}\r\nRUN x\r\n', '{{'],
    ['FROM a\nCOPY <<EOF /x\n{{ fine }}\nEOF\n{{ template }}\n', '{{'],
    ['FROM ${docker.base.image}\n', '${docker.base.image}'],
    ['FROM a\nCOPY x ${pkg.name}.deb /tmp/\n', '${pkg.name}'],
    ['FROM a\nARG X=${templateOption:name}\n', '${templateOption:name}'],
  ] as const) {
    test(JSON.stringify(text), () => expect(templateMark(text)).toBe(mark));
  }
});

describe('Dockerfiles that only look like templates', () => {
  for (const text of [
    'FROM a\nRUN echo x\n',
    'FROM a:${B:-x}\nENV C=${D:+e} E=${F#g.h} H=${I:0:2} J=${K%.*} L=${M:?not given}\n',
    'FROM a\nRUN mvn -Dx=${project.version}\n',
    "FROM a\nRUN docker inspect -f '{{ .State }}' x\n",
    'FROM a\nRUN docker inspect -f \\\n{{.State}} x\n',
    'FROM a\nLABEL x={{y}}\nENV A=<%b%>\n',
    'FROM a\n# {{ commented }}\nRUN x\n',
    'FROM a\nCOPY <<EOF /templates/x\n{{ .Values }}\nFROM {{ x }}\nEOF\nRUN x\n',
    "FROM a\nRUN <<'ONE' cat <<-TWO\n{{ a }}\nONE\n\t{{ b }}\n\tTWO\nRUN x\n",
    '# escape=`\nFROM a\nRUN x `\n{{ y }}\n',
  ]) {
    test(JSON.stringify(text), () => expect(templateMark(text)).toBeUndefined());
  }
});
