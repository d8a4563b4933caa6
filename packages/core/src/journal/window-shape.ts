import type { InviteCode } from '../engine/ids.ts';
import type {
  Fall,
  ParkedCluster,
  Tombstone,
  UseClass,
  UseSource,
  WindowJoin,
} from '../engine/window.ts';
import { ending } from './attribution-shape.ts';
import {
  channel,
  code,
  count,
  list,
  Misfit,
  type Names,
  nullable,
  record,
  role,
  type Shape,
  time,
  truth,
  user,
  variants,
  word,
} from './shape.ts';

const SIGNATURE = /^[\w:;,-]+$/;
const NAMED = /(?<=^|[;,])(invite|vanity|application):([\w-]+)/g;

/** `certain;invite:abc;invite:abc;;true`: what was last told of a join, its codes named. */
const signature: Shape<string> = {
  read: (value, path) => {
    if (typeof value === 'string' && SIGNATURE.test(value)) return value;
    throw new Misfit(path, 'is no signature of an answer');
  },
  rename: (value, names: Names) =>
    value.replace(NAMED, (_, kind: string, own: string) => {
      return `${kind}:${names.code(own as InviteCode)}`;
    }),
};

/** A join that may still be answered, field by field. */
export const windowJoin: Shape<WindowJoin> = record<WindowJoin>({
  userId: user,
  joinedAt: time,
  seenAt: time,
  roleIds: list(role),
  left: truth,
  lists: count,
  coveredAt: nullable(time),
  provenAt: nullable(time),
  vanityReadings: count,
  vanityCoveredAt: nullable(time),
  unmatched: truth,
  settleAt: nullable(time),
  settledAt: nullable(time),
  late: truth,
  frozen: truth,
  approved: truth,
  recorded: nullable(signature),
  whileAway: truth,
  reported: truth,
});

const source: Shape<UseSource> = variants<UseSource>({
  invite: { code, inviterId: nullable(user) },
  vanity: { code },
  'no-baseline': {},
});

/** Uses of a code between two readings, field by field. */
export const useClass: Shape<UseClass> = record<UseClass>({
  source,
  from: time,
  until: time,
  fromWithoutLag: time,
  counted: count,
  limit: nullable(count),
  ifUsedUp: count,
  stepFrom: time,
  answeredAt: time,
  fromUses: count,
  toUses: count,
  vanished: nullable(ending),
  awaits: truth,
});

export const parkedCluster: Shape<ParkedCluster> = record<ParkedCluster>({
  joins: list(windowJoin),
  classes: list(useClass),
  until: time,
  movable: truth,
  doubted: truth,
});

/** An invite that ended, field by field. */
export const tombstone: Shape<Tombstone> = record<Tombstone>({
  code,
  inviterId: nullable(user),
  channelId: nullable(channel),
  uses: nullable(count),
  maxUses: count,
  createdAt: nullable(time),
  expiresAt: nullable(time),
  readAt: nullable(time),
  goneBy: time,
  learnedAt: time,
  revoked: nullable(record<NonNullable<Tombstone['revoked']>>({ at: time, uses: nullable(count) })),
  channelDeleted: truth,
  replaced: truth,
  silence: word({ listening: true, kept: true, broken: true }),
  heardUntil: nullable(time),
  known: truth,
  parked: truth,
});

export const fall: Shape<Fall> = record<Fall>({ code, since: time, lists: count });
