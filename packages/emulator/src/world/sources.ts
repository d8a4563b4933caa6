import type { Snowflake } from './snowflake.ts';
import type { Guild, Origin } from './world.ts';

/** What Discord itself keeps of the way a member came in; `type` is its `join_source_type`. */
export type Source = {
  readonly type: number;
  readonly code: string | null;
  /** A person, or the bot or integration that added the member. */
  readonly inviterId: Snowflake | null;
};

/** Every `every`-th filler, beginning with number `from`, has this source. */
export type FillerShare = {
  readonly every: number;
  readonly from: number;
  readonly source: Source;
};

/** Discord's numbers. */
export const SOURCE_TYPE = {
  unspecified: 0,
  bot: 1,
  integration: 2,
  discovery: 3,
  hub: 4,
  invite: 5,
  vanity: 6,
  approved: 7,
  lobby: 8,
} as const;

/** Of members from before Discord kept it, and of those it knows nothing about. */
export const NO_SOURCE: Source = { type: SOURCE_TYPE.unspecified, code: null, inviterId: null };

const PATHS: Readonly<Record<string, number>> = {
  discovery: SOURCE_TYPE.discovery,
  hub: SOURCE_TYPE.hub,
  integration: SOURCE_TYPE.integration,
  lobby: SOURCE_TYPE.lobby,
  oauth: SOURCE_TYPE.bot,
};

/** The source of a join; of an approved application, with the code that was applied with. */
export function sourceOf(origin: Origin, isApproved: boolean): Source {
  const source = plainSource(origin);
  return isApproved ? { ...source, type: SOURCE_TYPE.approved } : source;
}

function plainSource(origin: Origin): Source {
  switch (origin.kind) {
    case 'invite':
      return { type: SOURCE_TYPE.invite, code: origin.code, inviterId: origin.inviterId };
    case 'vanity':
      return { type: SOURCE_TYPE.vanity, code: origin.code, inviterId: null };
    case 'bot':
      return { type: SOURCE_TYPE.bot, code: null, inviterId: origin.adderId };
    case 'none': {
      const type = PATHS[origin.path] ?? SOURCE_TYPE.unspecified;
      return { type, code: null, inviterId: origin.byId ?? null };
    }
  }
}

/** The source of the n-th filler: the first share that has it, or none. */
export function fillerSource({ fillerShares }: Guild, index: number): Source {
  for (const { every, from, source } of fillerShares) {
    if (index >= from && (index - from) % every === 0) return source;
  }
  return NO_SOURCE;
}
