/** Something that takes a while and ends early when it is told to. */
export type Job = () => Promise<void>;

/**
 * Does the jobs in their order, so many at a time. The first failure ends the others: they hear of
 * it through the signal, are waited for, and then it is thrown.
 */
export async function inLanes(
  jobs: readonly Job[],
  lanes: number,
  ending: AbortController,
): Promise<void> {
  const waiting = [...jobs];
  const failures: unknown[] = [];
  const lane = async (): Promise<void> => {
    for (let job = waiting.shift(); job && !ending.signal.aborted; job = waiting.shift()) {
      await job().catch((error: unknown) => {
        failures.push(error);
        ending.abort();
      });
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
  if (failures.length > 0) throw failures[0];
}
