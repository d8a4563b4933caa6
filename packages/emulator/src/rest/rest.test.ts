import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { type Emulator, startEmulator } from '../emulator.ts';
import type { EmulatorOptions } from '../options.ts';
import type { GuildSpec } from '../world/action.ts';

type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

async function scene(spec: GuildSpec = {}, options: EmulatorOptions = {}) {
  const emulator = await startEmulator({ deterministic: true, ...options });
  const guild = emulator.act({
    kind: 'createGuild',
    invites: [
      { code: 'A', uses: 5 },
      { code: 'K', maxUses: 1 },
    ],
    ...spec,
  });
  const call = async (method: string, path: string, body?: unknown): Promise<Answer> => {
    const response = await fetch(`${emulator.apiUrl}/v10${path}`, {
      method,
      headers: { authorization: `Bot ${emulator.token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return {
      status: response.status,
      headers: response.headers,
      body: isJson ? JSON.parse(text) : text,
    };
  };
  const logs = guild.channelIds['join-logs'] ?? '';
  return { emulator, call, logs, ...guild, [Symbol.asyncDispose]: () => emulator.close() };
}

function record(value: unknown): Record<string, unknown> {
  assert.ok(typeof value === 'object' && value !== null);
  return value as Record<string, unknown>;
}

const codeOf = (answer: Answer): unknown => record(answer.body).code;
const clean = (emulator: Emulator): void => assert.deepEqual(emulator.errors, []);

describe('the invite list', () => {
  test('has counts with MANAGE_GUILD', async () => {
    await using it = await scene();
    const { status, headers, body } = await it.call('GET', `/guilds/${it.guildId}/invites`);
    assert.equal(status, 200);
    assert.ok(headers.get('date'));
    const [first, second] = body as unknown[];
    const { code, uses, max_uses, max_age, temporary } = record(first);
    assert.deepEqual(
      { code, uses, max_uses, max_age, temporary },
      { code: 'A', uses: 5, max_uses: 0, max_age: 0, temporary: false },
    );
    assert.match(String(record(first).created_at), /^\d{4}-.*\d{3}000\+00:00$/);
    assert.equal(record(second).max_uses, 1);
    clean(it.emulator);
  });

  test('answers 200 without counts with VIEW_AUDIT_LOG alone', async () => {
    await using it = await scene({ botPermissions: ['VIEW_AUDIT_LOG'] });
    const { status, body } = await it.call('GET', `/guilds/${it.guildId}/invites`);
    assert.equal(status, 200);
    for (const name of ['uses', 'max_uses', 'max_age', 'temporary', 'created_at']) {
      assert.ok(!(name in record((body as unknown[])[0])), name);
    }
  });

  test('refuses with 50013 without either', async () => {
    await using it = await scene({ botPermissions: ['VIEW_CHANNEL'] });
    const answer = await it.call('GET', `/guilds/${it.guildId}/invites`);
    assert.deepEqual([answer.status, codeOf(answer)], [403, 50013]);
    const vanity = await it.call('GET', `/guilds/${it.guildId}/vanity-url`);
    assert.deepEqual([vanity.status, codeOf(vanity)], [403, 50013]);
  });

  test('leaves the vanity code to its own address', async () => {
    await using it = await scene({ vanity: { code: 'fancy', uses: 10 } });
    const { body } = await it.call('GET', `/guilds/${it.guildId}/invites`);
    assert.equal((body as unknown[]).length, 2);
    const vanity = await it.call('GET', `/guilds/${it.guildId}/vanity-url`);
    assert.deepEqual(vanity.body, { code: 'fancy', uses: 10 });
  });

  test('is read between arrival and reply, where the options say', async () => {
    for (const [readAt, uses] of [
      ['arrival', 5],
      ['reply', 6],
    ] as const) {
      await using it = await scene(
        {},
        { deterministic: false, latencyMs: [80, 80], readAt, eventDelayMs: [0, 0] },
      );
      const answer = it.call('GET', `/guilds/${it.guildId}/invites`);
      await it.emulator.waitFor(() => it.emulator.requests.length === 1);
      it.emulator.act({ kind: 'count', guildId: it.guildId, code: 'A' });
      assert.equal(record(((await answer).body as unknown[])[0]).uses, uses);
      assert.equal(it.emulator.situations().joinInFlight, 1);
    }
  });
});

describe('what a bot does to invites', () => {
  test('creates, finds the similar one unless unique, and deletes with entry 42', async () => {
    await using it = await scene();
    const path = `/channels/${it.logs}/invites`;
    const create = async (body: object) => String(codeOf(await it.call('POST', path, body)));
    const first = await create({ max_age: 0 });
    assert.equal(await create({ max_age: 0 }), first);
    assert.notEqual(await create({ max_age: 0, unique: true }), first);
    assert.equal((await it.call('DELETE', `/invites/${first}`)).status, 200);
    const gone = await it.call('GET', `/invites/${first}`);
    assert.deepEqual([gone.status, codeOf(gone)], [404, 10006]);
    const log = record(
      (await it.call('GET', `/guilds/${it.guildId}/audit-logs?action_type=42`)).body,
    );
    assert.equal((log.audit_log_entries as unknown[]).length, 1);
    clean(it.emulator);
  });

  test('reads target users as CSV, and single invites never with uses', async () => {
    await using it = await scene();
    const ids = ['100000000000000001', '100000000000000002'];
    const body = { unique: true, target_user_ids: ids };
    const made = String(codeOf(await it.call('POST', `/channels/${it.logs}/invites`, body)));
    assert.equal(
      (await it.call('GET', `/invites/${made}/target-users`)).body,
      `user_id\n${ids.join('\n')}\n`,
    );
    assert.equal(
      record((await it.call('GET', `/invites/${made}/target-users/job-status`)).body).status,
      2,
    );
    assert.equal(codeOf(await it.call('GET', '/invites/A/target-users')), 10129);
    assert.ok(!('uses' in record((await it.call('GET', '/invites/A')).body)));
    clean(it.emulator);
  });
});

describe('members and the audit log', () => {
  test('pages members upwards, fillers among them', async () => {
    await using it = await scene({ fillers: 25 });
    const seen: string[] = [];
    for (let after = '0'; ; ) {
      const page = (await it.call('GET', `/guilds/${it.guildId}/members?limit=10&after=${after}`))
        .body as unknown[];
      if (page.length === 0) break;
      seen.push(...page.map((entry) => String(record(record(entry).user).id)));
      after = seen.at(-1)!;
    }
    // The owner and the bot besides.
    assert.equal(new Set(seen).size, 27);
    assert.equal(seen.length, 27);
    const one = await it.call('GET', `/guilds/${it.guildId}/members/${seen[3]}`);
    assert.equal(one.status, 200);
    assert.equal(codeOf(await it.call('GET', `/guilds/${it.guildId}/members/123`)), 10007);
  });

  test('pages the audit log down, and up with `after`', async () => {
    await using it = await scene();
    for (const code of ['n1', 'n2', 'n3'])
      it.emulator.act({ kind: 'createInvite', guildId: it.guildId, code });
    const read = async (query: string) => {
      const body = record((await it.call('GET', `/guilds/${it.guildId}/audit-logs?${query}`)).body);
      return (body.audit_log_entries as unknown[]).map((entry) => String(record(entry).id));
    };
    const all = await read('limit=100');
    assert.equal(all.length, 3);
    assert.deepEqual(await read(`before=${all[0]}&limit=1`), [all[1]]);
    assert.deepEqual(await read(`after=${all[2]}&limit=1`), [all[1]]);
    clean(it.emulator);
  });
});

describe('messages', () => {
  test('an enforced nonce answers with the earlier message', async () => {
    await using it = await scene();
    const path = `/channels/${it.logs}/messages`;
    const post = async (nonce: string, enforce_nonce: boolean) =>
      record(
        (
          await it.call('POST', path, {
            content: 'hello',
            nonce,
            enforce_nonce,
            allowed_mentions: { parse: [] },
          })
        ).body,
      ).id;
    const first = await post('n', true);
    assert.equal(await post('n', true), first);
    assert.notEqual(await post('n', false), first);
    assert.notEqual(await post('other', true), first);
    assert.equal(it.emulator.messages(it.logs).length, 3);
    assert.deepEqual(it.emulator.messages(it.logs)[0]?.body.allowedMentions, { parse: [] });
    clean(it.emulator);
  });

  test('keep their history through edits, and go when deleted', async () => {
    await using it = await scene();
    const path = `/channels/${it.logs}/messages`;
    const { id } = record((await it.call('POST', path, { content: 'one' })).body);
    await it.call('PATCH', `${path}/${id}`, { content: 'two' });
    const [message] = it.emulator.messages(it.logs);
    assert.equal(message?.body.content, 'two');
    assert.deepEqual(
      message?.history.map((body) => body.content),
      ['one'],
    );
    assert.equal((await it.call('DELETE', `${path}/${id}`)).status, 204);
    assert.equal(codeOf(await it.call('GET', `${path}/${id}`)), 10008);
  });

  test('are refused over the limits, and where the bot may not write', async () => {
    await using it = await scene({
      channels: [
        'join-logs',
        { name: 'mute', denyBot: ['SEND_MESSAGES'] },
        { name: 'dark', denyBot: ['VIEW_CHANNEL'] },
      ],
    });
    const post = async (channel: string, body: object) => {
      const answer = await it.call('POST', `/channels/${it.channelIds[channel]}/messages`, body);
      return [answer.status, codeOf(answer)];
    };
    const field = { name: 'n', value: 'v' };
    assert.deepEqual(await post('join-logs', { content: 'x'.repeat(2001) }), [400, 50035]);
    assert.deepEqual(
      await post('join-logs', { embeds: [{ fields: Array(26).fill(field) }] }),
      [400, 50035],
    );
    assert.deepEqual(
      await post('join-logs', {
        embeds: [{ description: 'x'.repeat(4000) }, { description: 'x'.repeat(2001) }],
      }),
      [400, 50035],
    );
    assert.deepEqual(await post('join-logs', { content: '' }), [400, 50006]);
    assert.deepEqual(await post('mute', { content: 'x' }), [403, 50013]);
    assert.deepEqual(await post('dark', { content: 'x' }), [403, 50001]);
  });
});

describe('limits and strictness', () => {
  test('five messages in five seconds, then 429 with all that a client needs', async () => {
    await using it = await scene();
    const path = `/channels/${it.logs}/messages`;
    for (let left = 4; left >= 0; left -= 1) {
      const { headers } = await it.call('POST', path, { content: String(left) });
      assert.equal(headers.get('x-ratelimit-remaining'), String(left));
    }
    const { status, headers, body } = await it.call('POST', path, { content: 'one too many' });
    assert.equal(status, 429);
    assert.equal(headers.get('x-ratelimit-scope'), 'user');
    assert.ok(Number(headers.get('retry-after')) > 0);
    assert.equal(record(body).global, false);
    assert.equal(it.emulator.messages(it.logs).length, 5);
  });

  test('fifty requests a second for the whole bot', async () => {
    await using it = await scene();
    const answers = await Promise.all(
      Array.from({ length: 51 }, () => it.call('GET', '/users/@me')),
    );
    const refused = answers.filter(({ status }) => status === 429);
    assert.equal(refused.length, 1);
    assert.equal(refused[0]?.headers.get('x-ratelimit-global'), 'true');
  });

  test('what is not served is an error that a test can see', async () => {
    await using it = await scene();
    assert.equal((await it.call('GET', '/guilds/1/emojis')).status, 404);
    assert.equal((await it.call('PUT', `/guilds/${it.guildId}`, {})).status, 501);
    await it.call('GET', `/guilds/${it.guildId}/invites?cache=no`);
    await it.call('POST', `/channels/${it.logs}/messages`, { content: 'x', sparkle: true });
    const kinds = it.emulator.errors.map(({ kind, detail }) => `${kind} ${detail}`);
    assert.deepEqual(kinds, [
      'unknownRoute /guilds/1/emojis',
      `unknownRoute /guilds/${it.guildId}`,
      'unknownQuery cache',
      'unknownField sparkle',
    ]);
  });

  test('a wrong token is 401, an unknown guild 404, a guild in an outage 503', async () => {
    await using it = await scene();
    const response = await fetch(`${it.emulator.apiUrl}/v10/users/@me`, {
      headers: { authorization: 'Bot wrong' },
    });
    assert.deepEqual([response.status, record(await response.json()).code], [401, 0]);
    assert.equal(codeOf(await it.call('GET', '/guilds/1')), 10004);
    it.emulator.act({ kind: 'outage', guildId: it.guildId });
    assert.equal((await it.call('GET', `/guilds/${it.guildId}`)).status, 503);
    it.emulator.act({ kind: 'restore', guildId: it.guildId });
    it.emulator.act({ kind: 'removeBot', guildId: it.guildId });
    assert.equal(codeOf(await it.call('GET', `/guilds/${it.guildId}`)), 50001);
  });

  test('the log of requests says what was asked, and when', async () => {
    await using it = await scene();
    await it.call('GET', `/guilds/${it.guildId}/invites`);
    await it.emulator.settled();
    const [entry] = it.emulator.requests;
    assert.equal(entry?.route, 'GET /guilds/:guild/invites');
    assert.equal(entry?.guildId, it.guildId);
    assert.equal(entry?.status, 200);
    const times = [entry?.arrivedAtMs, entry?.readAtMs, entry?.repliedAtMs];
    assert.ok(times.every((time) => typeof time === 'number'));
    assert.deepEqual(times, times.toSorted());
  });
});
