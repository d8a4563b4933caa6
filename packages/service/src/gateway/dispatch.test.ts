import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { GuildId, Observation, UserId } from 'wherefrom';
import { Dispatch } from './dispatch.ts';
import type { DispatchPorts } from './dispatch-ports.ts';
import { GuildDirectory } from './guild-directory.ts';
import { resumeScene } from './resume-scene.ts';

const GUILD = '10' as GuildId;
const OTHER = '11' as GuildId;
const ME = '1';
const log = { debug() {}, info() {}, warn() {}, error() {} };

let now = 0;
let observed: Observation[] = [];
let removals: unknown[] = [];
let lastAlive: number | null = null;
let known: () => Promise<boolean> = async () => true;
let wakes: (() => void)[] = [];
let dispatch: Dispatch;

beforeEach(async () => {
  now = 1_000;
  observed = [];
  removals = [];
  lastAlive = 500;
  known = async () => true;
  wakes = [];
  dispatch = openDispatch(await resumeScene());
});

type Scene = Pick<DispatchPorts, 'directory' | 'absences' | 'resume'>;

function openDispatch(scene: Scene, searchOutdated = (): readonly GuildId[] => []): Dispatch {
  return new Dispatch({
    clock: {
      now: () => now,
      schedule: (_, wake) => {
        wakes.push(wake);
        return () => {};
      },
    },
    tracker: {
      observe: (_, observation) => void observed.push(observation),
      known: () => known(),
    },
    ...scene,
    searchOutdated,
    seen: () => {},
    removed: (removal) => void removals.push(removal),
    lastAlive: () => lastAlive,
    log,
  });
}

const take = (t: string, d: unknown) => dispatch.take({ t, s: null, d }, 0);
const ready = (...ids: string[]) =>
  take('READY', { user: { id: ME }, guilds: ids.map((id) => ({ id })) });
const guild = (change: object = {}) => ({
  id: GUILD,
  name: 'Town',
  roles: [
    { id: GUILD, permissions: '0' },
    { id: '31', permissions: '160' },
  ],
  members: [{ user: { id: ME }, roles: ['31'] }],
  channels: [],
  features: [],
  joined_at: '1970-01-01T00:00:00.100Z',
  ...change,
});
const join = (id = '20') =>
  take('GUILD_MEMBER_ADD', {
    guild_id: GUILD,
    user: { id },
    joined_at: '1970-01-01T00:00:01Z',
    roles: [],
  });
/** Lets the answer of the store come in. */
const answered = () => new Promise((resolve) => setImmediate(resolve));
const at = (time: number) => {
  now = time;
};
const words = () =>
  observed.splice(0).map((word) => {
    if (word.kind === 'gap') return `gap ${word.cause} ${word.from}-${word.to}`;
    if (word.kind === 'session') return `session ${word.state}`;
    if (word.kind === 'join') return word.replayed ? 'join replayed' : 'join';
    if (word.kind === 'access') return `access ${word.counts} ${word.auditLog}`;
    return word.kind;
  });

async function running(): Promise<void> {
  ready(GUILD);
  take('GUILD_CREATE', guild());
  await answered();
  words();
}

test('a guild that the store knows returns with the gap of the restart', async () => {
  ready(GUILD);
  take('GUILD_CREATE', guild());
  await answered();
  assert.deepEqual(words(), ['gap restart 500-1000', 'access true true', 'guild']);
});

test('a guild that the store does not know has its first start', async () => {
  known = async () => false;
  ready(GUILD);
  take('GUILD_CREATE', guild());
  await answered();
  assert.deepEqual(words(), ['gap first-start 0-1000', 'access true true', 'guild']);
});

test('a bot that was added since it was last alive had been removed, nobody knows when', async () => {
  ready(GUILD);
  take('GUILD_CREATE', guild({ joined_at: '1970-01-01T00:00:00.700Z' }));
  await answered();
  assert.deepEqual(words()[0], 'gap removed 0-1000');
});

test('what comes while the store is asked waits its turn', async () => {
  ready(GUILD);
  take('GUILD_CREATE', guild());
  join();
  assert.deepEqual(words(), []);
  await answered();
  assert.deepEqual(words(), ['gap restart 500-1000', 'access true true', 'guild', 'join']);
});

test('a store that cannot answer is asked again, and nothing is lost', async () => {
  known = async () => {
    throw new Error('disk');
  };
  ready(GUILD);
  take('GUILD_CREATE', guild());
  join();
  await answered();
  assert.deepEqual(words(), []);
  known = async () => true;
  at(3_000);
  for (const wake of wakes) wake();
  await answered();
  assert.deepEqual(words(), ['gap restart 500-3000', 'access true true', 'guild', 'join']);
});

test('an outage is a gap from its beginning to its end', async () => {
  await running();
  at(2_000);
  take('GUILD_DELETE', { id: GUILD, unavailable: true });
  at(5_000);
  take('GUILD_CREATE', guild());
  assert.deepEqual(words(), ['session lost', 'gap outage 2000-5000']);
});

test('a removed bot that is added again closes the gap since its removal', async () => {
  await running();
  at(2_000);
  take('GUILD_DELETE', { id: GUILD });
  at(5_000);
  take('GUILD_CREATE', guild());
  await answered();
  const after = ['gap removed 2000-5000', 'access true true', 'guild'];
  assert.deepEqual(words(), ['session lost', ...after]);
});

test('a resumed session replays what it missed as one batch', async () => {
  await running();
  dispatch.lost(0);
  dispatch.lost(0);
  join();
  take('RESUMED', {});
  join('21');
  assert.deepEqual(words(), ['session lost', 'join replayed', 'session resumed', 'join']);
});

test('a new session has a gap since the old one was last heard', async () => {
  await running();
  at(2_000);
  dispatch.heard(0);
  at(9_000);
  dispatch.lost(0);
  at(10_000);
  ready(GUILD);
  join();
  at(11_000);
  take('GUILD_CREATE', guild());
  assert.deepEqual(words(), ['session lost', 'join', 'gap session-lost 2000-11000']);
});

test('an outage that is told in a replay began when nobody listened', async () => {
  await running();
  at(2_000);
  dispatch.lost(0);
  at(9_000);
  take('GUILD_DELETE', { id: GUILD, unavailable: true });
  take('RESUMED', {});
  at(20_000);
  take('GUILD_CREATE', guild());
  const gaps = words().filter((word) => word.startsWith('gap'));
  assert.deepEqual(gaps, ['gap outage 1000-20000']);
});

test('what an earlier process waited for is lost since that was last heard, not since now', () => {
  dispatch.restored(0, [GUILD]);
  assert.deepEqual(observed, [{ kind: 'session', at: 500, state: 'lost' }]);
});

test('a guild that a new session does not name was left meanwhile', async () => {
  await running();
  at(2_000);
  dispatch.heard(0);
  at(3_000);
  dispatch.lost(0);
  ready();
  at(9_000);
  take('GUILD_CREATE', guild());
  await answered();
  assert.equal(words().at(-3), 'gap removed 2000-9000');
});

test('a guild that is sent again has no gap', async () => {
  await running();
  take('GUILD_CREATE', guild());
  assert.deepEqual(words(), []);
});

test('access is told when it changes and only then', async () => {
  await running();
  take('GUILD_ROLE_UPDATE', { guild_id: GUILD, role: { id: '31', permissions: '160' } });
  take('GUILD_ROLE_UPDATE', { guild_id: GUILD, role: { id: '31', permissions: '128' } });
  take('GUILD_ROLE_CREATE', { guild_id: GUILD, role: { id: '32', permissions: '8' } });
  take('GUILD_MEMBER_UPDATE', { guild_id: GUILD, user: { id: ME }, roles: ['31', '32'] });
  take('GUILD_ROLE_DELETE', { guild_id: GUILD, role_id: '32' });
  assert.deepEqual(words(), ['access false true', 'access true true', 'access false true']);
});

test('a guild is told when its vanity link or its features change and only then', async () => {
  await running();
  take('GUILD_UPDATE', guild({ name: 'City' }));
  take('GUILD_UPDATE', guild({ vanity_url_code: 'city' }));
  take(
    'GUILD_UPDATE',
    guild({ vanity_url_code: 'city', features: ['MEMBER_VERIFICATION_MANUAL_APPROVAL'] }),
  );
  assert.deepEqual(words(), ['guild', 'guild']);
});

test('the events of people, invites and channels are handed on in order', async () => {
  await running();
  const member = {
    guild_id: GUILD,
    user: { id: '20' },
    roles: [],
    joined_at: '1970-01-01T00:00:01Z',
  };
  take('INVITE_CREATE', { guild_id: GUILD, code: 'abc' });
  take('GUILD_MEMBER_ADD', member);
  take('INVITE_DELETE', { guild_id: GUILD, code: 'abc' });
  take('GUILD_MEMBER_UPDATE', member);
  take('CHANNEL_DELETE', { guild_id: GUILD, id: '40', type: 0 });
  take('GUILD_MEMBER_REMOVE', { guild_id: GUILD, user: { id: '20' } });
  take('GUILD_AUDIT_LOG_ENTRY_CREATE', {
    guild_id: GUILD,
    id: '5',
    action_type: 28,
    target_id: '7',
  });
  assert.deepEqual(words(), [
    ...[
      'invite-created',
      'join',
      'invite-deleted',
      'member-seen',
      'channel-deleted',
      'leave',
      'bot-added',
    ],
  ]);
});

test('a kick is told to the join log', async () => {
  await running();
  take('GUILD_AUDIT_LOG_ENTRY_CREATE', {
    guild_id: GUILD,
    id: '4194304',
    action_type: 20,
    target_id: '20',
  });
  assert.deepEqual(removals, [
    { guildId: GUILD, userId: '20', removal: 'kicked', at: 1_420_070_400_001 },
  ]);
});

test('a restart goes on from where the last guild was heard', async () => {
  ready(GUILD, '11');
  at(2_000);
  take('GUILD_CREATE', guild());
  await answered();
  assert.deepEqual(dispatch.heardUntil(), [{ shardId: 0, at: 500 }]);
  take('GUILD_CREATE', guild({ id: '11' }));
  await answered();
  assert.deepEqual(dispatch.heardUntil(), [{ shardId: 0, at: 2_000 }]);
  dispatch.lost(0);
  at(3_000);
  join();
  assert.deepEqual(dispatch.heardUntil(), [{ shardId: 0, at: 2_000 }]);
});

test('a doubted clock is told to every guild', async () => {
  await running();
  dispatch.clockDoubted();
  assert.deepEqual(words(), ['clock-doubted']);
});

test('whatever the gateway sends, nothing is thrown', async () => {
  await running();
  const events = [
    'READY',
    'GUILD_CREATE',
    'GUILD_UPDATE',
    'GUILD_DELETE',
    'GUILD_ROLE_UPDATE',
    'CHANNEL_CREATE',
  ];
  const more = [
    'GUILD_MEMBER_ADD',
    'GUILD_MEMBER_REMOVE',
    'GUILD_MEMBER_UPDATE',
    'INVITE_CREATE',
    'INVITE_DELETE',
  ];
  for (const t of [...events, ...more, 'GUILD_AUDIT_LOG_ENTRY_CREATE', 'UNHEARD_OF']) {
    for (const d of [null, undefined, 3, 'x', [], {}, { guild_id: GUILD }, { id: GUILD }]) {
      assert.doesNotThrow(() => take(t, d));
    }
  }
});

test('a guild that heard another setting is told once its session is resumed', async () => {
  const earlier = await resumeScene();
  dispatch = openDispatch(earlier);
  await running();
  const directory = new GuildDirectory('ambiguous');
  directory.become(ME as UserId);
  directory.restore(GUILD, 0, earlier.directory.describe(GUILD) ?? '', 3);
  const scene = { ...(await resumeScene()), directory };
  dispatch = openDispatch(scene, () => [GUILD, OTHER]);
  dispatch.restored(0, [GUILD]);
  take('GUILD_MEMBER_REMOVE', { guild_id: GUILD, user: { id: '20' } });
  assert.deepEqual(words(), ['session lost', 'leave']);
  take('RESUMED', {});
  const [resumed, access] = observed.splice(0);
  assert.equal(resumed?.kind, 'session');
  assert.ok(access?.kind === 'access' && access.counts && access.search === 'ambiguous');
  dispatch.lost(0);
  take('RESUMED', {});
  assert.deepEqual(words(), ['session lost', 'session resumed']);
});
