import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { EncryptionCheck } from '@app/projects';
import { DatabaseLockedError, GatewayError, localAuthor } from '@app/shared';
import { failureText } from '../failure-text.js';
import { AdminModule } from './admin.module.js';
import { commandOf, helpText } from './commands.js';

const HELP = new Set(['help', '-h', '--help']);

/** Runs one command of `./run.sh admin …` on the configured store. */
async function main([name = 'help', ...values]: readonly string[]): Promise<void> {
  if (HELP.has(name)) {
    process.stdout.write(helpText());
    return;
  }
  const command = commandOf(name, values);
  const app = await NestFactory.createApplicationContext(AdminModule.forRoot(), {
    abortOnError: false,
    logger: false,
  });
  try {
    await app.get(EncryptionCheck).assertOwnStore();
    const result = await command.run(app, localAuthor('command-line', Date.now()), values);
    process.stdout.write(`${JSON.stringify(result, null, 2)}\n`);
  } finally {
    await app.close();
  }
}

/** One line for what the user can mend; the store's owner is most likely the gateway. */
function explain(error: unknown): string {
  if (error instanceof DatabaseLockedError) {
    return (
      'A running gateway holds the store. Stop it, or do the same over HTTP with an admin key, such as ' +
      'POST /admin/projects; its /swagger-ui/ lists everything.'
    );
  }
  return failureText(error, GatewayError);
}

main(process.argv.slice(2)).catch((error: unknown) => {
  process.stderr.write(`${explain(error)}\n`);
  process.exitCode = 1;
});
