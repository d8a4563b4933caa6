import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openHouse } from './house.ts';

const TIMEOUT = { timeout: 90_000 };
const HOUR_MS = 3_600_000;

for (const skewMs of [HOUR_MS, -HOUR_MS]) {
  test(
    `a clock that jumps by ${skewMs / HOUR_MS} h is named, and every join keeps its line`,
    TIMEOUT,
    async () => {
      let jumpMs = 0;
      // Discord's clock moves against ours, which is the same as ours moving the other way.
      await using house = await openHouse({ clock: () => Date.now() + jumpMs });
      const [one, other] = [house.town('one'), house.town('other')];
      await house.start();
      await one.told(one.join());
      const { discord } = house;
      const logged = (userId: string): Promise<void> =>
        discord.waitFor(() => [one, other].some((town) => hasLine(town.lines(), userId)));
      jumpMs = skewMs;
      const during = [one.join(), other.join()];
      await house.logged(/WARN a clock has jumped: .*jumpMs=/);
      for (const userId of during) await logged(userId);
      jumpMs = 0;
      const after = [one.join(), other.join()];
      for (const userId of after) await logged(userId);
      assert.equal(one.lines().length, 3);
      assert.equal(other.lines().length, 2);
      // A deadline measured by the wrong clock may end a request early; nothing else may fail.
      assert.doesNotMatch(house.log(), /ERROR(?!.*no answer within)/);
      // Nothing is promised on a clock that was wrong.
      for (const userId of [...during, ...after]) {
        const line = [...one.lines(), ...other.lines()].find((each) => each.includes(userId));
        assert.match(
          line ?? '',
          /nobody can tell|unknown|likely|ambiguous|missed|not (known|told)/,
        );
      }
    },
  );
}

function hasLine(lines: readonly string[], userId: string): boolean {
  return lines.some((line) => line.includes(`<@${userId}>`));
}
