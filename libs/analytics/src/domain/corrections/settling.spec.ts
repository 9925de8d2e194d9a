import { ConflictError, NotFoundError } from '@app/shared';
import { BY, openProjects, type TestProjects } from '../../../../../test/support/projects.js';
import { aBatch, aUsageRecord } from '../../../../../test/support/usage-record.js';
import { correctionRepository, usageRepository } from '../../analytics.module.js';
import type { CorrectionRepository } from './correction.repository.js';
import { Settling } from './settling.service.js';

let test: TestProjects;
let corrections: CorrectionRepository;
let settling: Settling;

beforeEach(async () => {
  test = await openProjects();
  const records = await usageRepository.useFactory(test.database);
  corrections = await correctionRepository.useFactory(test.database);
  settling = new Settling(records, corrections, test.audit);
  await records.insertMany(
    [
      aUsageRecord({ id: 'killed', outcome: 'unsettled', costNanoUsd: null, priceVersion: null }),
      aUsageRecord({ id: 'ended' }),
    ],
    aBatch(),
  );
});
afterEach(() => test.database.close());

const chain = async (): Promise<unknown[]> =>
  (await corrections.findOf(['killed'])).map(
    ({ number, fromVersion, toVersion, costNanoUsd, differenceNanoUsd }) => [
      number,
      fromVersion,
      toVersion,
      costNanoUsd,
      differenceNanoUsd,
    ],
  );

it('an unsettled call costs what somebody found out, and the record stays', async () => {
  await settling.settle(BY, 'killed', 5000);
  await settling.settle(BY, 'killed', 5000);
  await settling.settle(BY, 'killed', 4000);

  expect(await chain()).toEqual([
    [1, null, 'settled', 5000, 5000],
    [2, 'settled', 'settled', 4000, -1000],
  ]);
  const { data } = await test.audit.list({ action: 'usage.settle' }, { limit: 10 });
  expect(data.map(({ before, after }) => [before, after])).toEqual([
    [{ costNanoUsd: 5000 }, { costNanoUsd: 4000 }],
    [{ costNanoUsd: null }, { costNanoUsd: 5000 }],
  ]);
});

it('of two who say something else at the same time, one is told', async () => {
  const said = await Promise.allSettled([1000, 2000].map(cost => settling.settle(BY, 'killed', cost)));

  expect(said.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  expect(await chain()).toHaveLength(1);
});

it('only what is unsettled can be settled', async () => {
  await expect(settling.settle(BY, 'ended', 1)).rejects.toThrow(ConflictError);
  await expect(settling.settle(BY, 'unheard-of', 1)).rejects.toThrow(NotFoundError);
});
