// Lets Node 20 run the project's TypeScript scripts: esbuild strips the types, nothing is written to disk.
import { register } from 'node:module';

register('./ts-hooks.mjs', import.meta.url);
