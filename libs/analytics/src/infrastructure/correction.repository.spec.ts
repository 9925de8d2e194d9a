import { randomUUID } from 'node:crypto';
import type { Database } from '@app/shared';
import { databases } from '../../../../test/support/databases.js';
import { correctionRepository, usageRepository } from '../analytics.module.js';
import type { CorrectionRepository } from '../domain/corrections/correction.repository.js';
import type { UsageCorrection } from '../domain/corrections/usage-correction.entity.js';

function aCorrection(some: Partial<UsageCorrection> = {}): UsageCorrection {
  return {
    id: randomUUID(),
    usageId: 'usage-1',
    number: 1,
    projectId: 'project-1',
    keyId: 'key-1',
    provider: 'openai',
    model: 'gpt-4o',
    fromVersion: null,
    toVersion: '0.1.8+1',
    costNanoUsd: Number.MAX_SAFE_INTEGER,
    differenceNanoUsd: -Number.MAX_SAFE_INTEGER,
    authorId: 'tester',
    authorName: 'Tester',
    receivedAt: Date.UTC(2026, 10, 24),
    createdAt: Date.UTC(2026, 10, 26),
    ...some,
  };
}

describe.each(await databases())('CorrectionRepository on %s', (_, open) => {
  let database: Database;
  let corrections: CorrectionRepository;

  beforeEach(async () => {
    database = await open();
    await usageRepository.useFactory(database); // corrections move its rollups
    corrections = await correctionRepository.useFactory(database);
  });
  afterEach(() => database.close());

  it('gives back exactly what was stored, each chain in its order', async () => {
    const [second, first] = [aCorrection({ number: 2, fromVersion: '0.1.8+1' }), aCorrection()];
    const other = aCorrection({ usageId: 'usage-2', provider: null, model: null });
    await corrections.insertMany([second, other, first, aCorrection({ usageId: 'usage-3' })]);

    await expect(corrections.findOf(['usage-2', 'usage-1', 'nobody'])).resolves.toEqual([
      first,
      second,
      other,
    ]);
  });

  it('takes one of an id, and 200 at a time', async () => {
    const first = aCorrection();
    await corrections.insertMany([first]);
    await corrections.insertMany([{ ...first, costNanoUsd: 1 }]);
    await corrections.insertMany(
      Array.from({ length: 200 }, (__, at) => aCorrection({ usageId: `many-${at}` })),
    );
    await corrections.insertMany([]);

    await expect(corrections.findOf(['usage-1'])).resolves.toEqual([first]);
    const ids = Array.from({ length: 200 }, (__, at) => `many-${at}`);
    await expect(corrections.findOf(ids)).resolves.toHaveLength(200);
  });
});
