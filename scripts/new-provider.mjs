// `npm run new:provider NAME [BASE_URL]`: wraps `nest g provider`, which exits with 0 even when it failed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

const [id, baseUrl, ...rest] = process.argv.slice(2);
if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(id ?? '') || rest.length > 0) {
  fail('usage: npm run new:provider NAME [BASE_URL]   (NAME in kebab case: groq, together-ai)');
}
if (baseUrl !== undefined && !/^https:\/\/[\w.:/-]+$/.test(baseUrl)) {
  fail(`"${baseUrl}" is no base URL. It starts with https:// and is what the vendor's own SDK takes.`);
}

const file = `libs/providers/src/catalog/${id}.provider.ts`;
if (existsSync(file)) {
  fail(`${file} exists already.`);
}

const nest = ['node_modules/@nestjs/cli/bin/nest.js', 'g', 'provider', id, ...(baseUrl ? [baseUrl] : [])];
spawnSync(process.execPath, [...nest, '--project', 'gateway'], { stdio: 'inherit' });

if (!existsSync(file)) {
  fail(`${file} was not written; the lines above say why.`);
}
const address = baseUrl ? '' : 'set its `baseUrl`, ';
console.log(
  `\nNext, in ${file}: ${address}add what it does differently (see Quirks in libs/dialects), and \`models\``,
);
console.log('if bare model names should find it. Then `npm test`.');

function fail(message) {
  console.error(message);
  process.exit(1);
}
