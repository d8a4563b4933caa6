import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { startEmulator } from '../emulator.ts';
import { bareWorld, START_MS } from '../testing.ts';
import type { RestQuestion } from './answer.ts';

const GUILD = {
  fillers: 20,
  vanity: { code: 'fancy', uses: 3 },
  invites: [
    { code: 'A', uses: 5 },
    { code: 'K', maxUses: 1, maxAgeS: 60 },
  ],
} as const;
const BY_A = { kind: 'invite', code: 'A' } as const;

function scene() {
  const it = bareWorld(GUILD);
  const uses = (more: Partial<RestQuestion> = {}): string => {
    const { body } = it.ask('GET', `/guilds/${it.guildId}/invites`, more).reply;
    return (body as { code: string; uses: number }[]).map((one) => one.code + one.uses).join(' ');
  };
  return { ...it, uses, logs: it.channelIds['join-logs'] ?? '' };
}

describe('REST without a socket', () => {
  test('answers word for word what the socket server answers', async () => {
    const it = scene();
    await using emulator = await startEmulator({
      seed: 7,
      deterministic: true,
      clock: () => START_MS,
    });
    emulator.act({ kind: 'createGuild', ...GUILD });
    const { userId } = it.act({ kind: 'join', guildId: it.guildId, via: BY_A });
    emulator.act({ kind: 'join', guildId: it.guildId, via: BY_A });
    const questions: readonly (readonly [method: string, path: string, body?: object])[] = [
      ['GET', '/users/@me'],
      ['GET', '/applications/@me'],
      ['GET', `/guilds/${it.guildId}?with_counts=true`],
      ['GET', `/guilds/${it.guildId}/invites`],
      ['GET', `/guilds/${it.guildId}/vanity-url`],
      ['GET', `/guilds/${it.guildId}/members?limit=7&after=1`],
      ['GET', `/guilds/${it.guildId}/members/${userId}`],
      ['POST', `/channels/${it.logs}/invites`, { max_uses: 2, unique: true }],
      ['POST', `/channels/${it.logs}/messages`, { content: 'hello' }],
      ['GET', `/channels/${it.logs}/messages`],
      ['DELETE', '/invites/K'],
      ['GET', `/guilds/${it.guildId}/audit-logs`],
      ['GET', '/guilds/1/invites'],
      ['GET', '/nowhere'],
      ['PUT', '/invites/A'],
    ];
    const headers = { authorization: `Bot ${emulator.token}`, 'content-type': 'application/json' };
    for (const [method, path, body] of questions) {
      const { reply } = it.ask(method, path, body === undefined ? {} : { body: { ...body } });
      const init = body === undefined ? {} : { body: JSON.stringify(body) };
      const response = await fetch(`${emulator.apiUrl}/v10${path}`, { method, headers, ...init });
      assert.deepEqual(
        [response.status, await response.json()],
        [reply.status, JSON.parse(JSON.stringify(reply.body))],
        `${method} ${path}`,
      );
    }
  });

  test('reads the world as late as it is asked to', () => {
    const it = scene();
    it.pass(5000);
    it.act({ kind: 'join', guildId: it.guildId, via: BY_A });
    it.act({ kind: 'createInvite', guildId: it.guildId, code: 'N' });
    it.pass(100);
    assert.equal(it.uses(), 'A6 K0 N0');
    assert.equal(it.uses({ lagMs: 200 }), 'A5 K0 N0');
    assert.equal(it.uses({ staleMs: 200 }), 'A5 K0');
  });

  test('lives by the clock of the caller', () => {
    const it = scene();
    it.pass(60_000);
    assert.equal(it.uses(), 'A5');
    assert.deepEqual(it.sent, []);
  });

  test('hands over the events that a request causes, and notes', () => {
    const it = scene();
    const { reply } = it.ask('POST', `/channels/${it.logs}/invites`, { body: { unique: true } });
    const { code } = reply.body as { code: string };
    const { notes } = it.ask('DELETE', `/invites/${code}`, { reason: 'over' });
    assert.deepEqual(
      it.sent.map(({ event }) => event),
      ['INVITE_CREATE', 'INVITE_DELETE'].flatMap((event) => [
        event,
        'GUILD_AUDIT_LOG_ENTRY_CREATE',
      ]),
    );
    assert.equal((it.sent.at(-1)!.payload as { reason: string }).reason, 'over');
    assert.deepEqual(notes, [{ kind: 'ended', guildId: it.guildId, code, by: 'revoked' }]);
  });

  test('names what a client must not ask', () => {
    const it = scene();
    const body = { max_use: 1 };
    const { violations } = it.ask('POST', `/channels/${it.logs}/invites?x=1`, { body });
    assert.deepEqual(
      violations.map(({ kind, detail }) => `${kind} ${detail}`),
      ['unknownQuery x', 'unknownField max_use'],
    );
    assert.equal(it.ask('GET', '/nowhere').violations[0]?.kind, 'unknownRoute');
  });
});
