import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import type { GuildArrival, GuildId, GuildStep, Receipt, UserId } from 'wherefrom';
import { stepOf } from '../storage/examples.ts';
import { memoryOver, resumeScene } from './resume-scene.ts';

const TOWN = '10' as GuildId;
const VILLAGE = '11' as GuildId;
const SESSION = {
  shardId: 0,
  sessionId: 'first',
  resumeUrl: 'wss://here',
  shardCount: 1,
  me: '1' as UserId,
  sequence: 1,
  at: 0,
};

let scene: Awaited<ReturnType<typeof resumeScene>>;

beforeEach(async () => {
  scene = await resumeScene();
  scene.resume.began(SESSION, []);
});

const guild = (guildId: GuildId, changes: Partial<GuildArrival> = {}): GuildArrival => ({
  guildId,
  name: 'Town',
  ownerId: null,
  vanityCode: null,
  manualApproval: false,
  roles: [],
  unavailable: false,
  memberCount: 3,
  channels: [],
  myRoleIds: [],
  addedAt: null,
  ...changes,
});

/** An event that ends in one observation of the guild. */
function event(sequence: number, guildId: GuildId): Receipt {
  let receipt: Receipt | null = null;
  scene.resume.during(0, sequence, () => {
    receipt = scene.resume.hold(guildId);
  });
  return receipt!;
}

/** An event that only changes what the directory knows. */
function change(sequence: number, guildId: GuildId, name: string): void {
  scene.resume.during(0, sequence, () => {
    scene.resume.touch(guildId);
    scene.directory.arrive(guild(guildId, { name }), 0);
  });
}

function commit(guildId: GuildId, ...receipts: Receipt[]): void {
  const step: GuildStep = stepOf({ guildId, receipts });
  scene.rows.together(() => scene.resume.write(step));
  scene.resume.finished(step);
}

const point = (): number => scene.rows.sessions()[0]!.sequence;
const storedName = (guildId: GuildId): string | null => {
  const entry = scene.rows.guilds().find((row) => row.guildId === guildId)?.entry ?? null;
  return entry === null ? null : (JSON.parse(entry) as { name: string }).name;
};

test('the point is the event before the lowest one that is not stored', () => {
  const [second, third, fourth] = [event(2, TOWN), event(3, VILLAGE), event(4, TOWN)];
  commit(VILLAGE, third);
  assert.equal(point(), 1);
  commit(TOWN, second);
  assert.equal(point(), 3);
  commit(TOWN, fourth);
  assert.equal(point(), 4);
});

test('an event that leads to nothing is passed with the next step, or by a flush', () => {
  scene.resume.during(0, 2, () => {});
  assert.equal(point(), 1);
  scene.resume.flush();
  assert.equal(point(), 2);
});

test('a change of the directory is stored before the point passes it', () => {
  change(2, VILLAGE, 'Old');
  commit(TOWN, event(3, TOWN));
  assert.equal(point(), 3);
  assert.equal(storedName(VILLAGE), 'Old');
});

test('what a guild told is not stored before the gap that its coming ended', () => {
  let coming: Receipt | null = null;
  scene.resume.during(0, 2, () => {
    scene.resume.touch(TOWN);
    scene.directory.arrive(guild(TOWN), 0);
    coming = scene.resume.hold(TOWN);
  });
  commit(VILLAGE, event(3, VILLAGE));
  assert.equal(storedName(TOWN), null);
  assert.equal(point(), 1);
  commit(TOWN, coming!);
  assert.equal(storedName(TOWN), 'Town');
  assert.equal(point(), 3);
});

test('a transaction that failed moves nothing', () => {
  const receipt = event(2, TOWN);
  const step = stepOf({ guildId: TOWN, receipts: [receipt] });
  assert.throws(() =>
    scene.rows.together(() => {
      scene.resume.write(step);
      throw new Error('disk full');
    }),
  );
  assert.equal(point(), 1);
  commit(TOWN, receipt);
  assert.equal(point(), 2);
});

test('after a crash an event is taken in once by each of its guilds', () => {
  change(2, TOWN, 'Town');
  change(3, VILLAGE, 'Village');
  commit(TOWN, event(5, TOWN));
  commit(VILLAGE);
  event(6, VILLAGE);
  // The process ends here; the next one replays from the point on.
  const { resume } = memoryOver(scene.rows);
  const guilds = scene.rows.guilds();
  resume.restore(scene.rows.sessions(), guilds);
  assert.equal(point(), 5);
  const taken = (sequence: number, guildId: GuildId): boolean => {
    let is = false;
    resume.during(0, sequence, () => {
      is = resume.isTaken(guildId);
    });
    return is;
  };
  assert.equal(taken(5, TOWN), true);
  assert.equal(taken(5, VILLAGE), false);
  assert.equal(taken(6, TOWN), false);
});

test('in a new session the numbers begin anew, and late steps of the old one count for nothing', () => {
  change(2, TOWN, 'Town');
  const old = event(900, TOWN);
  scene.resume.began({ ...SESSION, sessionId: 'second' }, [TOWN]);
  commit(TOWN, old);
  assert.equal(point(), 1);
  assert.equal(scene.rows.guilds()[0]!.sequence, 0);
  commit(TOWN, event(2, TOWN));
  assert.equal(point(), 2);
});

test('a session that cannot be stored moves nothing of the one before', () => {
  const { sqlite } = scene.database;
  sqlite.exec(
    "create trigger full before update on session begin select raise(abort, 'full'); end",
  );
  assert.throws(() => scene.resume.began({ ...SESSION, sessionId: 'second' }, []));
  sqlite.exec('drop trigger full');
  commit(TOWN, event(7, TOWN));
  const [{ sessionId, sequence } = SESSION] = scene.rows.sessions();
  assert.deepEqual([sessionId, sequence], ['first', 1]);
});

test('a guild that removed the bot is forgotten', () => {
  change(2, TOWN, 'Town');
  commit(TOWN, event(3, TOWN));
  scene.resume.during(0, 4, () => {
    scene.resume.touch(TOWN);
    scene.absences.removed(TOWN, 0, 99);
    scene.directory.remove(TOWN);
  });
  scene.resume.flush();
  assert.deepEqual(scene.rows.guilds(), []);
});

test('a guild that is away stays away for the next process', () => {
  change(2, TOWN, 'Town');
  scene.resume.during(0, 3, () => {
    scene.resume.touch(TOWN);
    scene.absences.begin(TOWN, 0, { cause: 'outage', from: 77 });
  });
  scene.resume.flush();
  assert.deepEqual(scene.rows.guilds()[0]!.absence, { cause: 'outage', from: 77 });
});

test('a guild that moves to another shard has taken in nothing of its session', () => {
  change(2, TOWN, 'Town');
  commit(TOWN, event(3, TOWN));
  const [row] = scene.rows.guilds();
  assert.equal(row?.sequence, 3);
  scene.rows.put({ ...row!, shardId: 1 });
  assert.equal(scene.rows.guilds()[0]?.sequence, 0);
});
