import { eachPage } from './page.js';

/** A list of numbers from 0 on, in pages of three. */
function pagesOf(count: number): AsyncGenerator<number[]> {
  const numbers = Array.from({ length: count }, (_, at) => at);
  return eachPage<number>(3, async after => numbers.filter(at => at > (after ?? -1)).slice(0, 3));
}

describe('eachPage', () => {
  it.each([
    [0, [[]]],
    [2, [[0, 1]]],
    [3, [[0, 1, 2], []]],
    [7, [[0, 1, 2], [3, 4, 5], [6]]],
  ])('gives a list of %i page by page', async (count, pages) => {
    const given: number[][] = [];
    for await (const page of pagesOf(count)) {
      given.push(page);
    }

    expect(given).toEqual(pages);
  });

  it('reads a page when the one before was taken', async () => {
    const read: (number | null)[] = [];
    const pages = eachPage<number>(1, async after => {
      read.push(after);
      return [(after ?? 0) + 1];
    });
    await pages.next();
    await pages.next();

    expect(read).toEqual([null, 1]);
  });

  it('lets others have a turn between pages, whoever answers at once', async () => {
    let turns = 0;
    const count = setInterval(() => (turns += 1), 0);
    const pages: number[][] = [];
    for await (const page of pagesOf(900)) {
      pages.push(page);
    }
    clearInterval(count);

    expect(pages).toHaveLength(301);
    expect(turns).toBeGreaterThan(0);
  });
});
