import type { INestApplicationContext } from '@nestjs/common';
import {
  AdminUserChanges,
  AdminUsersService,
  ApiKeyChanges,
  ApiKeysService,
  DISPLAY_NAME,
  ProjectChanges,
  ProjectsService,
} from '@app/projects';
import { type Author, InvalidRequestError, ROLES, type Role } from '@app/shared';

const PAGE = 100;

interface Command {
  /** Names of the arguments; the last ones may be optional, in brackets. */
  readonly usage: readonly string[];
  readonly help: string;
  run(app: INestApplicationContext, by: Author, values: readonly string[]): Promise<object>;
}

interface Page<Entry> {
  readonly data: Entry[];
  readonly next: string | null;
}

/** Each does what its twin of the management API does, and prints the same JSON. */
export const COMMANDS: Readonly<Record<string, Command>> = {
  'list-projects': {
    usage: [],
    help: 'all projects',
    run: app => all(after => app.get(ProjectsService).list({ limit: PAGE, after })),
  },
  'create-project': {
    usage: ['NAME'],
    help: 'a new project and its first key, shown once',
    run: (app, by, [name = '']) => app.get(ProjectChanges).create(by, { name: named(name) }),
  },
  'list-keys': {
    usage: ['PROJECT'],
    help: 'the API keys of a project, masked',
    run: (app, _by, [project = '']) =>
      all(after => app.get(ApiKeysService).list(project, { limit: PAGE, after })),
  },
  'create-key': {
    usage: ['PROJECT', 'NAME'],
    help: 'a new API key, shown once',
    run: (app, by, [project = '', name = '']) =>
      app.get(ApiKeyChanges).issue(by, project, { name: named(name) }),
  },
  'rotate-key': {
    usage: ['PROJECT', 'KEY', '[OVERLAP_SECONDS]'],
    help: 'a new key like KEY, which works for OVERLAP_SECONDS more (0)',
    run: (app, by, [project = '', key = '', overlap = '0']) =>
      app.get(ApiKeyChanges).rotate(by, project, key, seconds(overlap)),
  },
  'revoke-key': {
    usage: ['PROJECT', 'KEY'],
    help: 'the key stops, for good',
    run: async (app, by, [project = '', key = '']) => {
      await app.get(ApiKeyChanges).revoke(by, project, key);
      return app.get(ApiKeysService).get(project, key);
    },
  },
  'list-users': {
    usage: [],
    help: 'the users of the management API',
    run: app => all(after => app.get(AdminUsersService).list({ limit: PAGE, after })),
  },
  'create-user': {
    usage: ['NAME', 'ROLE'],
    help: `a new user with an admin key, shown once; ROLE is ${ROLES.join(', ')}`,
    run: (app, by, [name = '', role = '']) =>
      app.get(AdminUserChanges).create(by, { name: named(name), role: roleOf(role) }),
  },
  'rotate-user': {
    usage: ['USER'],
    help: 'a new admin key for a user; the old one stops',
    run: (app, by, [user = '']) => app.get(AdminUserChanges).rotate(by, user),
  },
};

/** What `admin help` shows. */
export function helpText(): string {
  const lines = Object.entries(COMMANDS).map(
    ([name, { usage, help }]) => `  ${[name, ...usage].join(' ').padEnd(45)} ${help}`,
  );
  return [
    'usage: ./run.sh admin COMMAND [ARGUMENT …]',
    '',
    ...lines,
    '',
    'PROJECT, KEY and USER are ids; the list commands show them. Results are JSON. It works on the configured store',
    'itself, so a gateway on the embedded store must be stopped; while it runs, use its management API.',
    '',
  ].join('\n');
}

/** @throws InvalidRequestError when the command line does not fit the command's usage */
export function commandOf(name: string, values: readonly string[]): Command {
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (!command) {
    throw new InvalidRequestError(`There is no command '${name}'. \`./run.sh admin help\` lists them.`);
  }
  const needed = command.usage.filter(argument => !argument.startsWith('['));
  if (values.length < needed.length || values.length > command.usage.length) {
    throw new InvalidRequestError(`Usage: ./run.sh admin ${[name, ...command.usage].join(' ')}`);
  }
  return command;
}

async function all<Entry>(list: (after: string | undefined) => Promise<Page<Entry>>): Promise<Entry[]> {
  const entries: Entry[] = [];
  let after: string | undefined;
  do {
    const { data, next } = await list(after);
    entries.push(...data);
    after = next ?? undefined;
  } while (after !== undefined);
  return entries;
}

function named(name: string): string {
  if (name.trim() === '' || name.length > 80 || !DISPLAY_NAME.test(name)) {
    throw new InvalidRequestError('NAME must be one line of text, of 1 to 80 characters.');
  }
  return name;
}

function roleOf(text: string): Role {
  const role = ROLES.find(known => known === text);
  if (!role) {
    throw new InvalidRequestError(`ROLE must be one of ${ROLES.join(', ')}.`);
  }
  return role;
}

function seconds(text: string): number {
  if (!/^\d{1,9}$/.test(text)) {
    throw new InvalidRequestError('OVERLAP_SECONDS must be a whole number of seconds.');
  }
  return Number(text);
}
