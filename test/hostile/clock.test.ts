import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse } from './house.ts';

/**
 * Back: the engine asks for no list until its last request is no longer in the future. Forth: the
 * join in flight is told as unknown, and those after the return are taken for repairs.
 */
const TIMEOUT = { timeout: 60_000, todo: 'the engine takes old times of its own for future ones' };
const HOUR_MS = 3_600_000;

for (const skewMs of [HOUR_MS, -HOUR_MS]) {
  test(
    `a clock that jumps by ${skewMs / HOUR_MS} h is named, and costs no join`,
    TIMEOUT,
    async () => {
      let jumpMs = 0;
      // Discord's clock moves against ours, which is the same as ours moving the other way.
      await using house = await openHouse({ clock: () => Date.now() + jumpMs });
      const [one, other] = [house.town('one'), house.town('other')];
      await house.start();
      await one.told(one.join());
      jumpMs = skewMs;
      const during = [one.join(), other.join()];
      await house.logged(/WARN a clock has jumped: .*jumpMs=/);
      await one.told(during[0]!);
      await other.told(during[1]!);
      jumpMs = 0;
      const after = [one.join(), other.join()];
      await one.told(after[0]!);
      await other.told(after[1]!);
      assert.equal(one.lines().length, 3);
      assert.doesNotMatch(house.log(), /ERROR/);
      // Nothing leans on a clock that was wrong.
      const last = one.lines().find((line) => line.includes(after[0]!)) ?? '';
      assert.match(last, /the clocks agree/);
    },
  );
}
