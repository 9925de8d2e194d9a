// The floor of realtime sessions: what one side says is sent to the other, and nothing else is done. PORT and UPSTREAM (`ws:`)
// come from the environment.
import { WebSocket, WebSocketServer } from 'ws';

const OPTIONS = { perMessageDeflate: false };

new WebSocketServer({ port: Number(process.env.PORT), host: '127.0.0.1', ...OPTIONS }).on(
  'connection',
  (caller, request) => {
    const vendor = new WebSocket(process.env.UPSTREAM + request.url, OPTIONS);
    join(caller, vendor);
    join(vendor, caller);
  },
);

function join(from, to) {
  from.on('message', (data, binary) => to.send(data, { binary }));
  from.on('close', () => to.terminate());
  from.on('error', () => to.terminate());
}
