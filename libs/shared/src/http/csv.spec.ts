import { csvLine, csvOf } from './csv.js';

describe('CSV', () => {
  it.each([
    ['plain', 'plain'],
    ['a,b', '"a,b"'],
    ['say "no"', '"say ""no"""'],
    ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"],
    ['+1-1', "'+1-1"],
    ['-cmd|x', "'-cmd|x"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['\t1', "'\t1"],
    ['\t=1', "'\t'=1"],
    ['\r=1', '"\'\r\'=1"'],
    ['\n2+2', '"\'\n2+2"'],
    ['＝2+2', "'＝2+2"],
    ['x;=1+1;y', "x;'=1+1;y"],
    ['x\n-cmd', '"x\n\'-cmd"'],
    ['gpt-4.1;a=b', 'gpt-4.1;a=b'],
    ['=HYPERLINK("x","y")', '"\'=HYPERLINK(""x"",""y"")"'],
    ['-1200000', '-1200000'],
    [-5, '-5'],
    [0.25, '0.25'],
    [false, 'false'],
    [null, ''],
    [undefined, ''],
    [{ a: 1 }, '"{""a"":1}"'],
  ])('writes %j as %s', (value, cell) => {
    expect(csvLine([value, 'x'])).toBe(`${cell},x\r\n`);
  });

  it('has a column for every field, also those that only some entries have', () => {
    const entries = [
      { start: 'a', latencyMs: null },
      { start: 'b', model: '=x', latencyMs: { calls: 1, p50: 2 } },
    ];

    expect([...csvOf(entries)].join('')).toBe(
      "start,model,latencyMs.calls,latencyMs.p50\r\na,,,\r\nb,'=x,1,2\r\n",
    );
    expect([...csvOf([])]).toEqual([]);
  });
});
