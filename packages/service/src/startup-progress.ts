import type { TrackerHealth } from 'wherefrom';

type FirstLists = TrackerHealth['firstLists'];

/** What to say about the first reading of all invite lists; null if there is nothing new. */
export function progressText(before: FirstLists, now: FirstLists): string | null {
  if (now.wanted === 0 || (now.read === before.read && now.wanted === before.wanted)) return null;
  const [read, wanted] = [now.read, now.wanted].map((count) => count.toLocaleString('en-US'));
  if (now.read < now.wanted) return `reading invites: ${read} of ${wanted} guilds`;
  return `the invites of ${wanted} guild${now.wanted === 1 ? '' : 's'} are known`;
}
