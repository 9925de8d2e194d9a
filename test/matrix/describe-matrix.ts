import type { TestGateway } from '../support/gateway.js';
import { startSimulatedGateway } from '../support/simulated.js';
import { CASES } from './cases.js';
import { Cell, LatestAnswer } from './cell.js';
import type { Sdk } from './client.js';
import { COLUMNS } from './vendors.js';

/** One row of the matrix: this SDK, every vendor, every case; a line for each. */
export function describeMatrix<Turn>(sdk: Sdk<Turn>): void {
  let gateway: TestGateway;
  let latest: LatestAnswer;

  beforeAll(async () => {
    gateway = await startSimulatedGateway();
    latest = new LatestAnswer(gateway.url);
  });
  afterAll(() => {
    latest?.close();
    return gateway?.stop();
  });

  describe.each(COLUMNS)(`${sdk.name} × $vendor:`, column => {
    let cell: Cell<Turn>;

    beforeAll(() => {
      cell = new Cell(gateway, latest, sdk, column);
    });

    it.each(Object.entries(CASES))('%s', (_name, run) => run(cell));
  });
}
