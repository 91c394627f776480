import { readFileSync } from 'node:fs';
import { check } from '../../src/core/lint/index.ts';
import { rules } from '../../src/core/rules/registry.gen.ts';
import { lint, subjectOf } from '../../src/core/lint/index.ts';
import { parse } from '../../src/core/language/syntax/index.ts';
import { decode } from '../../src/core/language/text/index.ts';
const files = readFileSync('/tmp/yl.txt','utf8').trim().split('\n').map((p)=>({file:'Dockerfile',...decode(readFileSync(p))}));
for (const f of files) check(f);
for (let k=0;k<2;k++){ const c=process.cpuUsage(); for (const f of files) check(f); const d=process.cpuUsage(c); console.log('check cpu files/s', (files.length/((d.user+d.system)/1e6)).toFixed(0)); }
let c=process.cpuUsage(); for (const f of files) parse(f.text); let d=process.cpuUsage(c); console.log('parse ms/file', (d.user/1000/files.length).toFixed(3));
c=process.cpuUsage(); const subs=files.map((f)=>subjectOf(f)); d=process.cpuUsage(c); console.log('subject ms/file', (d.user/1000/files.length).toFixed(3));
// lazily evaluated model: all rules once, then again
c=process.cpuUsage(); for (const s of subs) lint(rules,s,{}); d=process.cpuUsage(c); console.log('lint ms/file (model lazy)', (d.user/1000/files.length).toFixed(3));
const per=rules.map((r)=>{ const c=process.cpuUsage(); for (const s of subs) lint([r],s,{}); const d=process.cpuUsage(c); return [r.id,d.user/1000/files.length] as const; }).sort((a,b)=>b[1]-a[1]);
for (const [id,ms] of per.slice(0,15)) console.log(id.padEnd(30), ms.toFixed(4));
