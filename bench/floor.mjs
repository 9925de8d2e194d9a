// The floor: the least a Node proxy must do. It reads the body, parses it, sends the bytes on with undici and copies
// the answer back. PORT and UPSTREAM come from the environment.
import http from 'node:http';
import { Pool } from 'undici';

const upstream = new Pool(process.env.UPSTREAM, { connections: 256, pipelining: 1 });

http
  .createServer((request, response) => {
    const parts = [];
    request.on('data', chunk => parts.push(chunk));
    request.on('end', () => {
      const body = parts.length === 1 ? parts[0] : Buffer.concat(parts);
      forward(body, response).catch(() => {
        response.writeHead(502);
        response.end('{"error":{"message":"upstream"}}');
      });
    });
  })
  .listen(Number(process.env.PORT), '127.0.0.1');

async function forward(body, response) {
  JSON.parse(body);
  const answer = await upstream.request({
    method: 'POST',
    path: '/v1/chat/completions',
    body,
    headers: { 'content-type': 'application/json', authorization: 'Bearer upstream-key' },
  });
  const type = answer.headers['content-type'];
  if (answer.headers['content-length']) {
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    response.writeHead(answer.statusCode, { 'content-type': type, 'content-length': bytes.length });
    response.end(bytes);
    return;
  }
  response.writeHead(answer.statusCode, { 'content-type': type });
  answer.body.on('data', chunk => {
    if (!response.write(chunk)) {
      answer.body.pause();
      response.once('drain', () => answer.body.resume());
    }
  });
  answer.body.on('end', () => response.end());
  answer.body.on('error', () => response.destroy());
}
