import type { ListAnswer } from '../situations.ts';
import { listInvites, type View, vanityUses } from '../world/invites.ts';
import type { Guild } from '../world/world.ts';

/** Compares what a reader was shown with what was true at that moment. */
export function observe(guild: Guild, view: View): ListAnswer {
  if (view.lagMs === 0 && view.staleMs === 0) return { lagged: false, stale: false };
  const truth = appearance(guild, { ...view, lagMs: 0, staleMs: 0 });
  return {
    stale: view.staleMs > 0 && appearance(guild, { ...view, lagMs: 0 }) !== truth,
    lagged: view.lagMs > 0 && appearance(guild, { ...view, staleMs: 0 }) !== truth,
  };
}

function appearance(guild: Guild, view: View): string {
  const codes = listInvites(guild, view).map(({ invite, uses }) => `${invite.code} ${uses}`);
  return [vanityUses(guild, view), ...codes].join();
}
