import { type ConnectOptions, type Connection, createConnection, type Model, type Schema } from 'mongoose';
import { type MongodbStore, queryOf } from '../config/store.js';
import type { Logger } from '../logging/logger.js';
import { within } from '../time/deadline.js';
import type { MongoDatabase } from './database.js';
import { ensureIndexes } from './mongo-indexes.js';
import { reasonOf, UnusableStoreError } from './unusable-store.error.js';

/** How soon a silent server is noticed when nobody asks it anything. */
const HEARTBEAT_MS = 2000;
/** Frees the sockets of a frozen server at the latest; making an index may take so long. */
const SOCKET_TIMEOUT_MS = 60_000;

/** @throws UnusableStoreError when the server cannot be reached, or refuses the user */
export async function openMongo(store: MongodbStore, logger: Logger): Promise<MongoDatabase> {
  const connection = await connect(store);
  try {
    const server = await serverOf(connection);
    report(connection, store, logger);
    return bind(connection, server, { store, logger });
  } catch (error) {
    await connection.close(true);
    throw unusable(store, error);
  }
}

function bind(
  connection: Connection,
  server: string,
  { store, logger }: { readonly store: MongodbStore; readonly logger: Logger },
): MongoDatabase {
  const { timeoutMs } = store;
  return {
    kind: 'mongo',
    server,
    timeoutMs,
    model: async <Document>(schema: Schema<Document>): Promise<Model<Document>> => {
      const name = schema.get('collection') ?? '';
      // Mongoose's types lose the document's here.
      const model = (connection.models[name] ?? connection.model(name, schema)) as unknown as Model<Document>;
      try {
        await ensureIndexes(model, logger);
      } catch (error) {
        throw unusable(store, error);
      }
      return model;
    },
    ping: async () => {
      await within(timeoutMs, connection.db?.command({ ping: 1 }) ?? Promise.reject(new Error('closed')));
    },
    now: () => within(timeoutMs, timeOf(connection)),
    close: async () => {
      connection.removeAllListeners('disconnected'); // it is no outage
      await connection.close(true);
    },
  };
}

async function connect(store: MongodbStore): Promise<Connection> {
  const connection = createConnection();
  try {
    return await connection.openUri(store.url, { ...defaultsFor(store), ...optionsOf(store) });
  } catch (error) {
    await connection.close(true);
    throw unusable(store, error);
  }
}

function optionsOf({
  maxPoolSize,
  minPoolSize,
  database,
  credentials,
  authSource,
}: MongodbStore): ConnectOptions {
  return {
    dbName: database,
    ...(credentials && { auth: { ...credentials } }),
    ...(authSource !== undefined && { authSource }),
    maxPoolSize,
    minPoolSize,
    bufferCommands: false, // a question to a dead store fails at once, and does not wait for its return
    autoCreate: false,
    autoIndex: false, // `ensureIndexes` does it, and says what it finds
  };
}

/** Options that a URL may say, too: it knows better then. */
function defaultsFor({ url, timeoutMs }: MongodbStore): ConnectOptions {
  const said = queryOf(url);
  const defaults: ConnectOptions = {
    serverSelectionTimeoutMS: timeoutMs,
    connectTimeoutMS: timeoutMs,
    waitQueueTimeoutMS: timeoutMs,
    socketTimeoutMS: SOCKET_TIMEOUT_MS,
    heartbeatFrequencyMS: HEARTBEAT_MS,
    // What was acknowledged must survive a crash of the server: usage records leave the memory then.
    w: 'majority',
    journal: true,
    appName: 'llm-hub-ai-gateway',
  };
  return Object.fromEntries(Object.entries(defaults).filter(([name]) => !said.has(name.toLowerCase())));
}

/** The name says whether it really is MongoDB: others speak its language, and call themselves by its version. */
async function serverOf(connection: Connection): Promise<string> {
  const about = await connection.db?.admin().buildInfo();
  const compatible = about?.['secantusVersion'];
  return compatible ? `MongoDB API (SecantusDB ${compatible})` : `MongoDB ${about?.['version']}`;
}

async function timeOf(connection: Connection): Promise<number> {
  const answer = await connection.db?.command({ hello: 1 });
  return Number(answer?.['localTime']);
}

/** An `error` event that nobody hears would end the process. */
function report(connection: Connection, { hosts }: MongodbStore, logger: Logger): void {
  connection.on('error', (error: unknown) => logger.error({ err: error }, 'MongoDB reports an error.'));
  connection.on('disconnected', () => logger.error({ hosts }, 'MongoDB does not answer.'));
  connection.on('reconnected', () => logger.warn({ hosts }, 'MongoDB answers again.'));
}

function unusable({ hosts, credentials }: MongodbStore, error: unknown): UnusableStoreError {
  if (error instanceof UnusableStoreError) {
    return error;
  }
  const reason = reasonOf(error, credentials?.password);
  return new UnusableStoreError(
    `MongoDB at ${hosts} cannot be used: ${reason}. Start it, or correct the AI_GATEWAY_DATABASE_… variables.`,
    { cause: error },
  );
}
