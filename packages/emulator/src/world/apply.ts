import {
  type Action,
  ActionError,
  type ActionKind,
  type ActionOf,
  type Results,
} from './action.ts';
import * as channels from './channel-actions.ts';
import type { Outcome, Turn } from './dispatch.ts';
import { createUser } from './find.ts';
import * as guilds from './guild-actions.ts';
import * as invites from './invite-actions.ts';
import { sweepExpired } from './invites.ts';
import * as joins from './join-actions.ts';
import type { World } from './world.ts';

/** What an action did, with the ids that it made for the caller. */
export type Applied<A extends Action> = Outcome & { readonly result: Results[A['kind']] };

type Appliers = { readonly [K in ActionKind]: (turn: Turn, action: ActionOf<K>) => Results[K] };

const APPLIERS: Appliers = {
  createGuild: guilds.createGuild,
  createUser: (turn, action) => ({ userId: createUser(turn.world, turn.atMs, action).id }),
  join: joins.join,
  count: joins.count,
  countVanity: joins.countVanity,
  add: joins.add,
  repeatAdd: joins.repeatAdd,
  leave: joins.leave,
  kick: joins.kick,
  ban: joins.ban,
  updateMember: joins.updateMember,
  requestJoin: joins.requestJoin,
  approveJoin: joins.approveJoin,
  createInvite: invites.createInvite,
  deleteInvite: invites.deleteInvite,
  expireInvite: invites.expireInvite,
  vanishInvite: invites.vanishInvite,
  inviteCreateEvent: invites.inviteCreateEvent,
  inviteDeleteEvent: invites.inviteDeleteEvent,
  setUses: invites.setUses,
  setVanity: guilds.setVanity,
  setVanityUses: guilds.setVanityUses,
  pauseInvites: guilds.pauseInvites,
  createChannel: channels.createChannel,
  updateChannel: channels.updateChannel,
  deleteChannel: channels.deleteChannel,
  createRole: guilds.createRole,
  setBotPermissions: guilds.setBotPermissions,
  renameGuild: guilds.renameGuild,
  outage: guilds.outage,
  restore: guilds.restore,
  removeBot: guilds.removeBot,
  addBot: guilds.addBot,
  setApplicationFlags: (turn, action) => {
    turn.world.applicationFlags = action.flags;
    return {};
  },
  rawDispatch: (turn, action) => {
    const { event, payload, guildId = '' } = action;
    turn.dispatches.push({ event, guildId, intent: 0, payload, subject: {} });
    return {};
  },
};

/** Opens the scope of one action, with time caught up: what is due to expire has expired. */
export function openTurn(world: World, atMs: number, guildId?: string): Turn {
  const turn: Turn = { world, atMs, dispatches: [], notes: [] };
  const guild = guildId === undefined ? undefined : world.guilds.get(guildId);
  if (guild !== undefined) sweepExpired(turn, guild);
  return turn;
}

/** Carries out one action at `atMs`. Throws `ActionError` and changes nothing it can still refuse. */
export function apply<A extends Action>(world: World, action: A, atMs: number): Applied<A> {
  const turn = openTurn(world, atMs, 'guildId' in action ? action.guildId : undefined);
  // The table is typed per kind; the compiler cannot follow one entry and its action together.
  const applier = APPLIERS[action.kind] as
    | ((turn: Turn, action: Action) => Results[A['kind']])
    | undefined;
  if (applier === undefined) throw new ActionError(`unknown action ${String(action.kind)}`);
  const result = applier(turn, action);
  return { result, dispatches: turn.dispatches, notes: turn.notes };
}
