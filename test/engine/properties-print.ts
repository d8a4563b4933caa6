import type { InviteReading, Observation } from '../../packages/core/src/engine/observation.ts';
import { START } from '../oracle/notation.ts';

/** A journal for a reader: seconds after the start, one observation a line. */
export function printJournal(observations: readonly Observation[]): string {
  return observations.map((each) => `${seconds(each.at)} ${each.kind} ${details(each)}`).join('\n');
}

export function seconds(at: number): string {
  return ((at - START) / 1_000).toFixed(1);
}

function details(observation: Observation): string {
  switch (observation.kind) {
    case 'invites': {
      const list = observation.invites.map(printInvite).join(' ');
      const asked = `asked ${seconds(observation.requestedAt)}`;
      return `${asked} ${observation.complete ? '' : 'INCOMPLETE '}{ ${list} }`;
    }
    case 'invite-created':
      return printInvite(observation.invite);
    case 'join': {
      const flags = `${observation.bot ? ' bot' : ''}${observation.guest ? ' guest' : ''}`;
      const joined = observation.joinedAt === null ? 'never' : seconds(observation.joinedAt);
      return `${observation.userId} joined ${joined}${flags} [${observation.roleIds}]`;
    }
    default: {
      const { kind: _kind, at: _at, ...rest } = observation;
      return JSON.stringify(rest, (_key, value: unknown) =>
        typeof value === 'number' && value > START - 1e9 && value < START + 1e9
          ? seconds(value)
          : value,
      );
    }
  }
}

function printInvite(invite: InviteReading): string {
  const limit = invite.maxUses === 0 ? '' : `/${invite.maxUses}`;
  const born = invite.createdAt === null ? '?' : seconds(invite.createdAt);
  const expires = invite.expiresAt === null ? '' : ` until ${seconds(invite.expiresAt)}`;
  const roles = invite.roleIds.length === 0 ? '' : ` +${invite.roleIds}`;
  return `${invite.code}=${invite.uses ?? '-'}${limit}(born ${born}${expires}${roles} #${invite.channelId})`;
}
