/**
 * The tracker in a bot of your own: @discordjs/ws brings the events, @discordjs/rest the counts.
 *   DISCORD_TOKEN=... node examples/your-own-bot.ts
 * One shard, in memory; no audit log, no vanity counter, replays not told apart: see packages/service.
 */
import { DiscordAPIError, REST } from '@discordjs/rest';
import { WebSocketManager, WebSocketShardEvents } from '@discordjs/ws';
import * as from from 'wherefrom';

const { DISCORD_TOKEN: token = '', DISCORD_API_URL: api = 'https://discord.com/api' } = process.env;
const rest = new REST({ api }).setToken(token);
const shards = { shardCount: 1, intents: (1 << 0) | (1 << 1) | (1 << 6) };
const gateway = new WebSocketManager({ token, rest, ...shards });
const now = (): number => Date.now();
const schedule = (at: number, wake: () => void): (() => void) => {
  // A timer may go off a moment early; then the rest of the time is waited for.
  const again = (): void => {
    if (now() >= at) wake();
    else timer = setTimeout(again, at - now());
  };
  let timer = setTimeout(again, at - now());
  return () => clearTimeout(timer);
};
const source: from.InviteSource = {
  invites: async (guildId) => {
    const requestedAt = now();
    try {
      const body = await rest.get(`/guilds/${guildId}/invites`);
      const list = from.inviteReadingsFromPayload(body, guildId);
      return { kind: 'answered', requestedAt, answeredAt: now(), ...list };
    } catch (error) {
      const isRefused = error instanceof DiscordAPIError && error.status === 403;
      return { kind: 'failed', failure: isRefused ? 'refused' : 'unavailable' };
    }
  },
  vanity: async () => ({ kind: 'failed', failure: 'unavailable' }),
  targets: async () => ({ requestedAt: now(), answeredAt: now(), userIds: null }),
};
const committed = ({ records }: from.GuildStep): void => {
  for (const { userId, origin, certainty, candidates, settled } of records) {
    console.log(JSON.stringify({ userId, certainty, settled, origin: origin ?? candidates }));
  }
};
const ports = { clock: { now, schedule }, source, store: from.createMemoryGuildStore(), committed };
const tracker = from.createTracker(ports);
const guilds = new Set<from.GuildId>();
let [me, heardAt, missingSince] = ['' as from.UserId, 0, 0];

gateway.on(WebSocketShardEvents.Dispatch, ({ t, d }) => {
  const at = now();
  const arrival = { at, replayed: false };
  if (t === 'READY') [me, missingSince] = [d.user.id as from.UserId, heardAt];
  if (t === 'GUILD_CREATE') arrived(from.guildFromPayload(d, me), at);
  if (t === 'GUILD_MEMBER_ADD') told(from.joinFromPayload(d, arrival));
  if (t === 'GUILD_MEMBER_REMOVE') told(from.leaveFromPayload(d, arrival));
  if (t === 'INVITE_CREATE') told(from.inviteCreatedFromPayload(d, at));
  if (t === 'INVITE_DELETE') told(from.inviteDeletedFromPayload(d, at));
  heardAt = at;
});

function told(reading: from.Reading<{ guildId: from.GuildId; observation: from.Observation }>) {
  if (reading.kind === 'read') tracker.observe(reading.value.guildId, reading.value.observation);
}

/** Access first, then the gap that ends now: at the gap the engine asks for the list. */
function arrived(reading: from.Reading<from.GuildArrival>, at: number): void {
  if (reading.kind !== 'read') return;
  const { guildId, ownerId, vanityCode, manualApproval, roles, myRoleIds } = reading.value;
  const standing = { guildId, userId: me, roleIds: myRoleIds ?? [], ownerId };
  const allowed = new Map(roles.map(({ id, permissions }) => [id, permissions]));
  const { counts } = from.accessOf(from.guildPermissions(standing, (id) => allowed.get(id)));
  const cause = guilds.has(guildId) ? 'session-lost' : 'first-start';
  tracker.observe(guildId, { kind: 'access', at, counts, auditLog: false });
  tracker.observe(guildId, { kind: 'guild', at, vanityCode, manualApproval });
  tracker.observe(guildId, { kind: 'gap', at, from: missingSince, to: at, cause });
  guilds.add(guildId);
}
await gateway.connect();
