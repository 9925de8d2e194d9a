// A process that watches the live feed through many connections, and counts what it gets: WATCHERS of them at once while told `on`.
import { Agent, get } from 'node:http';

const { URL: url, KEY: key, WATCHERS: watchers } = process.env;
const agent = new Agent({ maxSockets: Infinity });
let open = [];
let bytes = 0;

process.on('message', async order => {
  if (order === 'on') {
    bytes = 0;
    open = await Promise.all(Array.from({ length: Number(watchers) }, watch));
  } else {
    open.forEach(response => response.destroy());
    open = [];
  }
  process.send({ watching: open.length, bytes });
});

/** Resolves with an open answer, of which all is read. */
function watch() {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent, headers: { authorization: `Bearer ${key}` } }, response => {
      if (response.statusCode !== 200) {
        reject(new Error(`The feed answered ${response.statusCode}.`));
        return;
      }
      response.on('data', chunk => (bytes += chunk.length));
      response.on('error', () => undefined);
      resolve(response);
    });
    request.on('error', reject);
  });
}
