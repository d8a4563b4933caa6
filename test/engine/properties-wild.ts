import type { Observation } from '../../packages/core/src/engine/observation.ts';
import {
  access,
  botAdded,
  channelDeleted,
  created,
  deleted,
  gap,
  guild,
  type InviteNotes,
  join,
  leave,
  list,
  passed,
  revoked,
  START,
  session,
  targets,
  vanity,
  vanityFailed,
} from '../oracle/notation.ts';
import { type Chance, chance } from './properties-chance.ts';

const CODES = ['A', 'B', 'C', 'D'] as const;
const USERS = ['u1', 'u2', 'u3', 'u4', 'u5'] as const;

/** Anything that Discord could send, whether or not a world could have caused it. */
export function wildJournal(tape: readonly number[]): Observation[] {
  const draw = chance(tape);
  const codes = CODES.slice(0, 1 + draw.below(4));
  const notes = new Map<string, InviteNotes>(codes.map((code) => [code, inventNotes(draw)]));
  const hasVanity = draw.maybe(30);
  const observed = [
    ...wildJoins(draw),
    ...wildLists(draw, notes),
    ...codes.flatMap((code) => wildEvents(draw, code, notes.get(code)!)),
    ...(hasVanity ? wildVanity(draw) : []),
    ...(draw.maybe(15) ? [channelDeleted('side', moment(draw))] : []),
    ...(draw.maybe(12) ? wildGap(draw) : []),
    ...(draw.maybe(8) ? wildSession(draw) : []),
  ].toSorted((a, b) => a.at - b.at);
  const lastAt = ((observed.at(-1)?.at ?? START) - START) / 1_000;
  return [
    access(0, !draw.maybe(15)),
    guild(0, hasVanity ? 'vain' : null),
    ...observed,
    passed(lastAt + draw.pick([10.1, 0.1, 3, 5])),
  ];
}

/** Seconds after the start, on the grid, mostly amid the joins. */
const moment = (draw: Chance): number => draw.between(2_000, 26_000) / 1_000;

function inventNotes(draw: Chance): InviteNotes {
  const young = draw.maybe(40);
  return {
    created: young ? 1 + draw.below(14) : draw.maybe(5) ? null : -3600,
    max: draw.pick([0, 1, 0, 2, 5]),
    expires: draw.maybe(20) ? 15 + draw.below(8) : null,
    channel: draw.pick(['general', 'side']),
    roles: draw.maybe(20) ? ['vip'] : [],
  };
}

function wildJoins(draw: Chance): Observation[] {
  const observations: Observation[] = [];
  let joined = 6;
  const count = 1 + draw.below(5);
  for (const [index, user] of USERS.slice(0, count).entries()) {
    if (index > 0) joined += draw.pick([0.2, 0, 0.1, 0.5, 1.5, 2.5, 4]);
    const at = joined + draw.pick([0.1, -0.5, 0, 0.4, 1, 2]);
    const roles = draw.maybe(20) ? ['vip'] : [];
    observations.push(join(user, joined, { at, roles }));
    observations.push(...oddities(draw, user, joined, at));
  }
  return observations;
}

/** Repeats, leaves, returns, bots, guests and repairs. */
function oddities(draw: Chance, user: string, joined: number, at: number): Observation[] {
  const member = { joinedAt: START - 86_400_000, present: draw.maybe(50) };
  switch (draw.below(100)) {
    case 99:
      return [join(user, joined, { at: at + 0.3 })];
    case 98:
      return [join(user, joined + 1.9, { at: at + 1.9 })];
    case 97:
      return [join(user, joined + 3, { at: at + 3 })];
    case 96:
      return [leave(user, at + 1), join(user, joined + 3, { at: at + 3 })];
    case 95:
      return [leave(user, at + 1), join(user, joined + 2, { at: at + 2 })];
    case 94:
    case 93:
      return [join('robot', joined, { at, bot: true }), botAdded('robot', at + 1, 'boss')];
    case 92:
      return [join('robot', joined, { at, bot: true })];
    case 91:
      return [{ ...join('guest', joined, { at }), guest: true } as Observation];
    case 90:
      return [{ ...join('guest', joined, { at }), joinedAt: null } as Observation];
    case 89:
      return [join('old', -60, { at })];
    case 88:
      return [join('known', joined, { at, member })];
    case 87:
      return [leave(user, at + 0.2)];
    default:
      return [];
  }
}

function wildLists(draw: Chance, notes: ReadonlyMap<string, InviteNotes>): Observation[] {
  const counts = new Map([...notes.keys()].map((code) => [code, draw.below(3)]));
  const gone = new Set<string>();
  const lists: Observation[] = [];
  let requested = draw.pick([0, 2, 5.8, 6.3]);
  while (requested < 30 && lists.length < 9) {
    const answered = requested + draw.pick([0.2, 0, 0.1, 0.5, 2]);
    const shown: Record<string, InviteNotes> = {};
    for (const [code, each] of notes) {
      if ((each.created ?? 0) > answered) continue;
      if (gone.has(code) ? !draw.maybe(5) : draw.maybe(8)) {
        gone.add(code);
        continue;
      }
      const uses = (counts.get(code) ?? 0) + draw.pick([0, 0, 0, 0, 1, 1, 2, 0, 3, -1]);
      if (uses >= 0) counts.set(code, uses);
      shown[code] = { ...each, uses: draw.maybe(6) ? null : Math.max(0, uses) };
    }
    // Without any count the permission is lost, which is another story.
    const first = Object.entries(shown)[0];
    if (first !== undefined && Object.values(shown).every(({ uses }) => uses === null)) {
      shown[first[0]] = { ...first[1], uses: counts.get(first[0]) ?? 0 };
    }
    lists.push(list(requested, answered, shown, !draw.maybe(10)));
    requested = answered + draw.pick([3.5, 0, 0.6, 0.6, 1.5, 3, 6, 16]);
  }
  return lists;
}

function wildEvents(draw: Chance, code: string, notes: InviteNotes): Observation[] {
  const events: Observation[] = [];
  const born = notes.created ?? -3600;
  if ((born > 0 && !draw.maybe(25)) || draw.maybe(3)) {
    events.push(created(code, Math.max(0, born) + draw.pick([0.1, 0, 0.8, 2, 6]), notes));
  }
  const ended = Math.max(born, moment(draw));
  if (draw.maybe(30)) events.push(deleted(code, ended + draw.pick([0.1, 0, 1, 2])));
  if (draw.maybe(20)) {
    const uses = draw.maybe(30) ? null : draw.below(5);
    events.push(revoked(code, ended, ended + draw.pick([0.1, 0, 1, 4]), uses));
  }
  if (draw.maybe(12)) {
    for (const user of ['u1', null, 'u2']) {
      const at = moment(draw);
      const users = draw.maybe(10) ? null : [user ?? 'u3'];
      events.push(targets(code, at, at + draw.pick([0.1, 0, 1]), users));
    }
  }
  return events;
}

/** Ends with a reading, as the shell would see to. */
function wildVanity(draw: Chance): Observation[] {
  const readings: Observation[] = [];
  let uses = 50;
  for (const requested of [draw.pick([0.5, 7]), moment(draw), 31].toSorted((a, b) => a - b)) {
    const answered = requested + draw.pick([0.2, 0, 1]);
    uses += draw.pick([0, 0, 1, 2, -1]);
    readings.push(
      draw.maybe(10)
        ? vanityFailed(answered)
        : vanity(requested, answered, 'vain', draw.maybe(5) ? null : uses),
    );
  }
  return readings;
}

function wildGap(draw: Chance): Observation[] {
  const from = moment(draw);
  return [gap(from, from + draw.between(100, 4_000) / 1_000)];
}

function wildSession(draw: Chance): Observation[] {
  const from = moment(draw);
  const to = from + draw.between(100, 6_000) / 1_000;
  return draw.maybe(20) ? [session(from, 'lost')] : [session(from, 'lost'), session(to, 'resumed')];
}
