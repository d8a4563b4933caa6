import type { GuildId } from 'wherefrom';
import type { GuildEnd } from './guild-end.ts';
import type { Stage } from './stage.ts';

/** Later than this nothing may be planned but what has to be: names to erase, a day's housekeeping. */
const APPOINTMENTS = 3;

/** After quiet nothing is open: no join, no request, no write that fails, no line to send. */
export async function checkRest(stage: Stage, ends: readonly GuildEnd[]): Promise<string[]> {
  const { service, store } = stage;
  if (service === null || service.dead) return ['the service is not running'];
  const health = service.house.tracker.health();
  const findings: string[] = [];
  if (health.openRequests > 0) findings.push(`${health.openRequests} requests are open`);
  if (health.failingGuilds > 0) findings.push(`${health.failingGuilds} guilds cannot be stored`);
  if (service.openRequests > 0) findings.push(`${service.openRequests} requests have no answer`);
  // A channel that refused is left alone for up to an hour.
  const busy = ends.filter(
    ({ guildId, logIsWhole }) =>
      logIsWhole && store.outbox.busyChannels(guildId as GuildId).length > 0,
  );
  for (const { guildId } of busy) findings.push(`${guildId} has something to send`);
  const waiting = service.clock.waiting - ends.length;
  if (waiting > APPOINTMENTS) findings.push(`${waiting} appointments besides those of the guilds`);
  for (const end of ends) findings.push(...(await checkState(stage, end)));
  return findings;
}

async function checkState(stage: Stage, { guildId }: GuildEnd): Promise<string[]> {
  const state = await stage.store.guildStore.load(guildId as GuildId);
  if (state === null) return [];
  const { joins, wants, wakeAt } = state.rest;
  const open = joins.filter((join) => join.settledAt === null && !join.frozen);
  const due = [wants.listAt, wants.vanityAt, wants.deadlineAt, wakeAt];
  return [
    ...open.map((join) => `${join.userId} is still open`),
    ...due.flatMap((at) => (at !== null && at < stage.queue.now ? ['something is overdue'] : [])),
  ];
}
