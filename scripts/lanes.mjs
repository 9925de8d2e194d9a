// `npm run lanes`: the AI SDK and LangChain.js, as their users set them up, in front of the built gateway: each of its
// doors, vendors at home and abroad. The simulator plays the vendors. One line a case; ends with `N passed, N failed`.
import assert from 'node:assert/strict';
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { alone } from './alone.mjs';
import { startBuiltGateway } from './built-gateway.mjs';
import { cachedPackages } from './cached-packages.mjs';

const FROM = 'test/lanes';
const MODELS = [
  'openai/gpt-4.1-mini',
  'anthropic/claude-sonnet-5',
  'google/gemini-3-pro-preview',
  'mistral/mistral-medium-latest',
];
const CITY = 'Zürich 🐎 "x"';

const TASKS = {
  generate: async (lane, model) =>
    assert.equal(await lane.generate(model, 'Good morning'), 'You said: Good morning (2 words).'),

  stream: async (lane, model) => {
    const pieces = await lane.stream(model, '[[sim:say one two three four five — šest, 七]]');
    assert.equal(pieces.join(''), 'one two three four five — šest, 七');
    assert.ok(pieces.length > 3, `It came in ${pieces.length} pieces.`);
  },

  'tool loop': async (lane, model) => {
    const asked = [];
    const getWeather = ({ city }) => {
      asked.push(city);
      return `rain at ${city.length}`;
    };
    const prompt = `The weather? [[sim:arguments ${JSON.stringify({ city: CITY })}]]`;
    const said = await lane.toolLoop(model, prompt, getWeather);
    assert.deepEqual(asked, [CITY]);
    assert.match(said, new RegExp(`rain at ${CITY.length}`));
  },

  'structured output': async (lane, model) => {
    const { name, age } = await lane.structured(model, 'Describe Ada');
    assert.deepEqual([typeof name, Number.isInteger(age)], ['string', true]);
  },
};

/**
 * @param {(name: string, passed: boolean) => void} count told of each case
 * @param {(line: string) => void} skip told when the frameworks cannot be had
 */
export async function lanes(count, skip) {
  let frameworks;
  try {
    frameworks = await load();
  } catch (error) {
    skip(`AI SDK, LangChain: NOT RUN (${error.message})`);
    return;
  }
  const gateway = await startBuiltGateway();
  try {
    for (const lane of frameworks) {
      for (const door of Object.keys(lane.doors)) {
        for (const model of MODELS) {
          await run({ lane, door, model }, gateway, count);
        }
      }
    }
  } finally {
    await gateway.stop();
  }
}

/** They are run where their packages are: a module finds its packages from where it lies. */
async function load() {
  const folder = cachedPackages('lanes', FROM);
  const files = ['ai-sdk.mjs', 'langchain.mjs'];
  files.forEach(file => cpSync(join(FROM, file), join(folder, file)));
  const modules = await Promise.all(files.map(file => import(pathToFileURL(join(folder, file)).href)));
  return modules.flatMap(Object.values);
}

async function run({ lane, door, model }, gateway, count) {
  const { key, calls } = await gateway.project(`${lane.name} ${door} ${model}`);
  const client = lane.doors[door]({ url: gateway.url, apiKey: key, model });
  for (const [task, check] of Object.entries(TASKS)) {
    const name = `${lane.name}, ${door}, ${model}: ${task}`;
    try {
      await check(lane, client);
      count(name, true);
    } catch (error) {
      count(name, false);
      console.error(String(error.stack).replaceAll(key, 'pk_…'));
    }
  }
  const { records, asked } = await calls();
  const right = records.filter(({ status, outcome }) => status === 200 && outcome === 'completed');
  count(`${lane.name}, ${door}, ${model}: a usage record for each call`, right.length === asked && asked > 4);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  await alone(lanes);
}
