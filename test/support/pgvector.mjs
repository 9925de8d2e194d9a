// A PostgreSQL with pgvector that needs no installation: PGlite, on a port, in memory. It has one session: so whoever talks to it has it
// from the first message of a question to its last, and to the end of a transaction.
//
//   node pgvector.mjs <port> [bare]    `bare` has no pgvector
import { createServer } from 'node:net';
import { PGlite } from '@electric-sql/pglite';
import { vector } from '@electric-sql/pglite-pgvector';

const [port, bare] = process.argv.slice(2);
const [SYNC, QUERY, TERMINATE] = ['S', 'Q', 'X'].map(letter => letter.charCodeAt(0));

const db = await PGlite.create({ extensions: bare === 'bare' ? {} : { vector } });
/** Questions that wait: of whom, all their messages, and what is done with the answer. */
const waiting = [];
/** Whose transaction it is. */
let owner = null;
let isBusy = false;

async function serve() {
  if (isBusy) {
    return;
  }
  isBusy = true;
  for (let next = take(); next; next = take()) {
    next.socket.write(await db.execProtocolRaw(next.bytes));
    owner = db.isInTransaction() ? next.socket : null;
  }
  isBusy = false;
}

function take() {
  const at = owner ? waiting.findIndex(({ socket }) => socket === owner) : 0;
  return at < 0 ? undefined : waiting.splice(at, 1)[0];
}

async function leave(socket) {
  if (owner === socket) {
    owner = null;
    await db.exec('rollback');
    await serve();
  }
}

createServer(socket => {
  let bytes = Buffer.alloc(0);
  let end = 0;
  let hasBegun = false;
  socket.on('error', () => {});
  socket.on('close', () => void leave(socket));
  socket.on('data', data => {
    bytes = Buffer.concat([bytes, data]);
    for (;;) {
      const head = hasBegun ? 1 : 0; // the first message has no letter
      const length = bytes.length < end + head + 4 ? Infinity : head + bytes.readInt32BE(end + head);
      if (bytes.length < end + length) {
        return;
      }
      const letter = bytes[end];
      end += length;
      if (hasBegun && letter === TERMINATE) {
        socket.end();
        return;
      }
      if (!hasBegun || letter === SYNC || letter === QUERY) {
        waiting.push({ socket, bytes: bytes.subarray(0, end) });
        [bytes, end, hasBegun] = [bytes.subarray(end), 0, true];
        void serve();
      }
    }
  });
}).listen(Number(port), '127.0.0.1');
