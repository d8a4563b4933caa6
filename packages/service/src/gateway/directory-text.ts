import type { ChannelReading, InviteCode, Overwrite, RoleId, UserId } from 'wherefrom';
import { RoleMasks } from './role-masks.ts';

/** What is kept of a guild that a resumed session does not tell again. */
export interface DirectoryFacts {
  /** When the bot was added; null where that is not known. */
  readonly addedAt: number | null;
  readonly name: string;
  readonly ownerId: UserId | null;
  readonly vanityCode: InviteCode | null;
  readonly manualApproval: boolean;
  readonly myRoleIds: readonly RoleId[];
  readonly roles: RoleMasks;
  /** Channels that carry the log's name. */
  readonly candidates: readonly ChannelReading[];
}

type StoredChannel = Omit<ChannelReading, 'overwrites'> & {
  readonly overwrites: readonly (Omit<Overwrite, 'allow' | 'deny'> & {
    readonly allow: string;
    readonly deny: string;
  })[];
};

const VERSION = 1;

/** As JSON: permissions are wider than a number, so they become text. */
export function directoryText(facts: DirectoryFacts): string {
  const { addedAt, name, ownerId, vanityCode, manualApproval, myRoleIds } = facts;
  const { roles, candidates } = facts;
  const channels = candidates.map((channel): StoredChannel => {
    const overwrites = channel.overwrites.map((overwrite) => {
      return { ...overwrite, allow: String(overwrite.allow), deny: String(overwrite.deny) };
    });
    return { ...channel, overwrites };
  });
  const plain = { addedAt, name, ownerId, vanityCode, manualApproval, myRoleIds };
  return JSON.stringify({ version: VERSION, ...plain, roles: roles.entries(), channels });
}

/** @throws SyntaxError if the text is not what `directoryText` wrote */
export function directoryFromText(text: string): DirectoryFacts {
  const stored = JSON.parse(text) as Omit<DirectoryFacts, 'addedAt' | 'roles' | 'candidates'> & {
    readonly version: unknown;
    readonly addedAt?: number | null;
    readonly roles: readonly (readonly [RoleId, number])[];
    readonly channels: readonly StoredChannel[];
  };
  if (stored.version !== VERSION) {
    throw new SyntaxError(`the stored facts of a guild have version ${String(stored.version)}`);
  }
  const { name, ownerId, vanityCode, manualApproval, myRoleIds } = stored;
  // The first rows were written without it.
  const { addedAt = null } = stored;
  const candidates = stored.channels.map((channel) => {
    const overwrites = channel.overwrites.map((overwrite) => {
      return { ...overwrite, allow: BigInt(overwrite.allow), deny: BigInt(overwrite.deny) };
    });
    return { ...channel, overwrites };
  });
  const roles = RoleMasks.restored(stored.roles);
  return { addedAt, name, ownerId, vanityCode, manualApproval, myRoleIds, roles, candidates };
}
