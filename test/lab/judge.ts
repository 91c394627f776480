// Judges pairs of Dockerfiles on the lab's engine: reads a JSON array of them (see Pair) from a file or stdin, prints the judgements as JSON.
import { readFile } from 'node:fs/promises';
import { text } from 'node:stream/consumers';
import { judgeExamples, type Pair } from './effects.ts';
import { requireEngine } from './engine.ts';

const [file = '-'] = process.argv.slice(2);
await requireEngine();
const pairs = JSON.parse(file === '-' ? await text(process.stdin) : await readFile(file, 'utf8')) as Pair[];
console.log(JSON.stringify(await judgeExamples(pairs), null, 2));
