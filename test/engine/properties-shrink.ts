/**
 * fast-check shrinks a tape number by number and gives up long before it is small. A tape reads
 * better when whole stretches of it are 0, the plainest choice: so those are tried first.
 */
export function shrinkTape(
  tape: readonly number[],
  fails: (tape: readonly number[]) => boolean,
): readonly number[] {
  let best = tape;
  for (let before: readonly number[] | null = null; before !== best; ) {
    before = best;
    for (const simpler of simplerTapes) {
      best = simpler(best, fails);
    }
  }
  return best;
}

type Simplify = (
  tape: readonly number[],
  fails: (tape: readonly number[]) => boolean,
) => readonly number[];

const simplerTapes: readonly Simplify[] = [cutOff, zeroStretches, dropNumbers, lowerNumbers];

function cutOff(...[tape, fails]: Parameters<Simplify>): readonly number[] {
  for (let length = 0; length < tape.length; length = length * 2 + 1) {
    if (fails(tape.slice(0, length))) return tape.slice(0, length);
  }
  return tape;
}

function zeroStretches(...[tape, fails]: Parameters<Simplify>): readonly number[] {
  let best = tape;
  for (let size = 64; size >= 1; size >>= 1) {
    for (let at = 0; at < best.length; at += size) {
      if (best.slice(at, at + size).every((number) => number === 0)) continue;
      const zeroed = best.map((number, index) => (index >= at && index < at + size ? 0 : number));
      if (fails(zeroed)) best = zeroed;
    }
  }
  return best;
}

function dropNumbers(...[tape, fails]: Parameters<Simplify>): readonly number[] {
  let best = tape;
  for (let at = best.length - 1; at >= 0; at -= 1) {
    const shorter = best.toSpliced(at, 1);
    if (fails(shorter)) best = shorter;
  }
  return best;
}

function lowerNumbers(...[tape, fails]: Parameters<Simplify>): readonly number[] {
  let best = tape;
  for (let at = 0; at < best.length; at += 1) {
    const number = best[at]!;
    const lower = [1, 2, 3, number % 100].filter((other) => other < number);
    const found = lower.find((other) => fails(best.with(at, other)));
    if (found !== undefined) best = best.with(at, found);
  }
  return best;
}
