import type { Kysely } from 'kysely';
import { type Model, Schema } from 'mongoose';
import { databases } from '../../../../test/support/databases.js';
import { NotFoundError, StoreUnavailableError } from '../errors/gateway.error.js';
import { DeadlineError } from '../time/deadline.js';
import type { Database, Sql } from './database.js';
import { repository } from './repository.js';

abstract class NoteRepository {
  abstract insert(text: string): Promise<void>;
  abstract texts(): Promise<string[]>;
  abstract refuse(): Promise<never>;
}

class NoteSqlRepository extends NoteRepository {
  static readonly migrations = {
    '1-notes': {
      up: (db: Kysely<unknown>): Promise<void> =>
        db.schema.createTable('notes').addColumn('text', 'varchar(20)').execute(),
    },
  };

  constructor(private readonly sql: Sql) {
    super();
  }

  async insert(text: string): Promise<void> {
    await this.sql.insertInto('notes').values({ text }).execute();
  }

  async texts(): Promise<string[]> {
    const rows = await this.sql.selectFrom('notes').select('text').execute();
    return rows.map(row => row['text']);
  }

  async refuse(): Promise<never> {
    throw new NotFoundError('Note', '1');
  }
}

interface NoteDocument {
  readonly text: string;
}

class NoteMongoRepository extends NoteRepository {
  static readonly schema = new Schema<NoteDocument>(
    { text: String },
    { collection: 'notes', strict: 'throw' },
  );

  constructor(private readonly model: Model<NoteDocument>) {
    super();
  }

  async insert(text: string): Promise<void> {
    await this.model.create({ text });
  }

  async texts(): Promise<string[]> {
    const notes = await this.model.find().lean<NoteDocument[]>();
    return notes.map(({ text }) => text);
  }

  async refuse(): Promise<never> {
    throw new NotFoundError('Note', '1');
  }
}

/** Never answers, as a frozen server. */
class SilentMongoRepository extends NoteMongoRepository {
  override insert(): Promise<void> {
    return new Promise(() => undefined);
  }

  override texts(): Promise<string[]> {
    return new Promise(() => undefined);
  }
}

const noteRepository = repository(NoteRepository, {
  sql: NoteSqlRepository,
  mongo: async () => NoteMongoRepository,
});

describe.each(await databases())('a repository bound to %s', (_, open) => {
  let database: Database;
  let notes: NoteRepository;

  beforeEach(async () => {
    database = await open();
    notes = await noteRepository.useFactory(database);
  });

  afterEach(async () => {
    await database.close();
  });

  it('has its tables in place, and keeps them when it is bound again', async () => {
    await notes.insert('one');
    const again = await noteRepository.useFactory(database);

    await expect(again.texts()).resolves.toEqual(['one']);
    expect(again).toBeInstanceOf(NoteRepository);
  });

  it('turns a failure of the store into one error that says when to come back', async () => {
    await database.close();
    const failure: unknown = await notes.texts().catch((error: unknown) => error);

    expect(failure).toBeInstanceOf(StoreUnavailableError);
    expect(failure).toMatchObject({ status: 503, retryAfterMs: 1000, cause: expect.any(Error) });
  });

  it('has a deadline for every method, and a longer one for those that name it', async () => {
    const { useFactory } = repository(NoteRepository, {
      sql: NoteSqlRepository,
      mongo: async () => SilentMongoRepository,
      deadlinesMs: { insert: 30 },
    });
    if (database.kind === 'mongo') {
      const silent = await useFactory({ ...database, timeoutMs: 20 });
      await expect(silent.texts()).rejects.toMatchObject({ status: 503, cause: new DeadlineError(20) });
      await expect(silent.insert('one')).rejects.toMatchObject({ status: 503, cause: new DeadlineError(30) });
    }
  });

  it('is waited for once when it is silent, whatever is asked, until it is heard again', async () => {
    if (database.kind !== 'mongo') {
      return;
    }
    let isSilent = true;
    let asked = 0;
    class FrozenMongoRepository extends NoteMongoRepository {
      override texts(): Promise<string[]> {
        asked += 1;
        return isSilent ? new Promise(() => undefined) : super.texts();
      }
    }
    const { useFactory } = repository(NoteRepository, {
      sql: NoteSqlRepository,
      mongo: async () => FrozenMongoRepository,
      deadlinesMs: { insert: 5000 },
    });
    const silent = { ...database, timeoutMs: 50 };
    const frozen = await useFactory(silent);
    const others = await noteRepository.useFactory(silent);
    const failures = await Promise.allSettled([frozen.texts(), frozen.texts()]);
    expect(failures.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await expect(frozen.texts()).rejects.toBeInstanceOf(StoreUnavailableError);
    await expect(others.texts()).rejects.toBeInstanceOf(StoreUnavailableError);
    expect(asked).toBe(2);

    await frozen.insert('one'); // which waits as long as it has to
    isSilent = false;
    await expect(frozen.texts()).resolves.toEqual(['one']);
  });

  it('lets errors of the domain pass', async () => {
    await expect(notes.refuse()).rejects.toBeInstanceOf(NotFoundError);
  });
});
