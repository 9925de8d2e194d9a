// `npm run new:provider NAME [BASE_URL] [-- --type own]`: wraps `nest g provider`, which exits with 0 even when it failed.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';

const USAGE = `usage: npm run new:provider NAME [BASE_URL] [-- --type own]
  NAME        in kebab case: groq, together-ai
  BASE_URL    as the vendor's own SDK takes it
  --type own  a wire format of its own, whose dialect is begun too; without it the vendor speaks OpenAI's chat format`;

const { id, baseUrl, type } = readArguments();
if (baseUrl !== undefined && !/^https:\/\/[\w.:/-]+$/.test(baseUrl)) {
  fail(`"${baseUrl}" is no base URL. It starts with https:// and is what the vendor's own SDK takes.`);
}

const file = `libs/providers/src/catalog/${id}.provider.ts`;
const dialect = `libs/dialects/src/${id}`;
for (const path of type === 'own' ? [file, dialect] : [file]) {
  if (existsSync(path)) {
    fail(`${path} exists already.`);
  }
}

const nest = ['node_modules/@nestjs/cli/bin/nest.js', 'g', 'provider', id, ...(baseUrl ? [baseUrl] : [])];
spawnSync(process.execPath, [...nest, '--project', 'gateway', '--type', type], { stdio: 'inherit' });

if (!existsSync(file)) {
  fail(`${file} was not written; the lines above say why.`);
}
console.log(
  `\nNext, in ${file}: ${baseUrl ? '' : 'set its `baseUrl`, '}add \`models\` if bare names should find it.`,
);
console.log(
  type === 'own'
    ? `Then make ${dialect} the vendor's own: it begins with plain turns of text.`
    : 'Add what it does differently (see Quirks in libs/dialects), and to its spec what its documentation shows.',
);
console.log('Then `npm run fmt` and `npm test`.');

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { type: { type: 'string', default: 'compatible' } },
    });
    const [name, url, ...rest] = positionals;
    if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name ?? '') || rest.length > 0) {
      fail(USAGE);
    }
    if (!['compatible', 'own'].includes(values.type)) {
      fail(`"${values.type}" is no type of vendor.\n${USAGE}`);
    }
    return { id: name, baseUrl: url, type: values.type };
  } catch (error) {
    return fail(`${error.message}\n${USAGE}`);
  }
}

function fail(message) {
  console.error(message);
  process.exit(1);
}
