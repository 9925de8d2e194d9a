import { jest } from '@jest/globals';
import { ThrottlerStorageService } from '@nestjs/throttler';
import { ThrottledWrongKeys } from './throttled-wrong-keys.js';

describe('ThrottledWrongKeys', () => {
  let storage: ThrottlerStorageService;
  let wrongKeys: ThrottledWrongKeys;

  beforeEach(() => {
    jest.useFakeTimers({ now: 1_000_000 });
    storage = new ThrottlerStorageService();
    wrongKeys = new ThrottledWrongKeys(storage);
  });

  afterEach(() => {
    storage.onApplicationShutdown();
    jest.useRealTimers();
  });

  async function err(address: string, times: number): Promise<number[]> {
    const waits: number[] = [];
    for (let n = 0; n < times; n += 1) {
      waits.push(await wrongKeys.record(address));
    }
    return waits;
  }

  it('lets an address err 20 times a minute', async () => {
    const waits = await err('192.0.2.1', 20);
    jest.advanceTimersByTime(15_000);

    expect(waits).toEqual(Array.from({ length: 20 }, () => 0));
    expect(await wrongKeys.record('192.0.2.1')).toBe(45_000);
    expect(await wrongKeys.record('192.0.2.2')).toBe(0);
  });

  it('says how long to wait, and a question counts for nothing', async () => {
    const ask = (): Promise<number> => wrongKeys.waitOf('192.0.2.1');
    expect(await Promise.all(Array.from({ length: 50 }, ask))).toEqual(Array.from({ length: 50 }, () => 0));
    await err('192.0.2.1', 19);
    expect(await ask()).toBe(0);
    await err('192.0.2.1', 1);
    jest.advanceTimersByTime(15_000);

    expect(await ask()).toBe(45_000);
    expect(await wrongKeys.waitOf('192.0.2.2')).toBe(0);
    jest.advanceTimersByTime(45_000);
    expect(await ask()).toBe(0);
  });

  it('counts any minute, not those of the clock', async () => {
    await err('192.0.2.1', 10);
    jest.advanceTimersByTime(50_000);
    await err('192.0.2.1', 10);
    jest.advanceTimersByTime(9000);

    expect(await wrongKeys.record('192.0.2.1')).toBe(1000);
    jest.advanceTimersByTime(1000);
    expect((await err('192.0.2.1', 11)).map(wait => wait > 0)).toEqual([
      ...Array.from({ length: 10 }, () => false),
      true,
    ]);
  });

  it('takes all addresses of an IPv6 network for one', async () => {
    await err('2001:db8:1:2::1', 10);
    await err('2001:db8:1:2:ffff::9', 10);

    expect(await wrongKeys.record('2001:0db8:0001:0002:a:b:c:d')).toBeGreaterThan(0);
    expect(await wrongKeys.record('2001:db8:1:3::1')).toBe(0);
    expect(await wrongKeys.record('::1')).toBe(0);
  });

  it('forgets addresses that stopped', async () => {
    await err('192.0.2.1', 3);
    jest.advanceTimersByTime(121_000);

    expect(storage.storage.size).toBe(0);
  });
});
