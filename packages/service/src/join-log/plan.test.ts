import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { LINES_PER_DIGEST, layOut, MESSAGE_LENGTH } from './layout.ts';
import type { LineTexts } from './line.ts';
import { type ChannelWork, editDueAt, MESSAGES_PER_WINDOW, planNext, WINDOW_MS } from './plan.ts';

const NOW = 1_000_000;

/** Each row: what the channel has, and what is sent next. Times relative to now. */
const TABLE: readonly [what: string, work: Partial<ChannelWork>, next: unknown][] = [
  ['nothing to do: idle', {}, { kind: 'idle' }],
  ['a lone line goes at once', { waiting: waiting(1) }, post([0], 'full')],
  ['a few lines go one by one', { waiting: waiting(4) }, post([0], 'full')],
  [
    'more lines than slots: a digest of all',
    { waiting: waiting(5) },
    post([0, 1, 2, 3, 4], 'full'),
  ],
  [
    'two slots left: lines are gathered for a second',
    { waiting: waiting(2, -300), requests: [-900, -800, -700] },
    { kind: 'wait', until: NOW + 700 },
  ],
  [
    'two slots left, gathered long enough: a digest',
    { waiting: waiting(2, -1_000), requests: [-900, -800, -700] },
    post([0, 1], 'full'),
  ],
  [
    'two slots left, lone line gathered: it goes',
    { waiting: waiting(1, -1_000), requests: [-900, -800, -700] },
    post([0], 'full'),
  ],
  [
    'no slot left: wait for the first to come back',
    { waiting: waiting(9, -2_000), requests: [-3_000, -900, -800, -700, -600] },
    { kind: 'wait', until: NOW + 2_000 },
  ],
  [
    'asked for silence: wait',
    { waiting: waiting(1), blockedUntil: 900 },
    { kind: 'wait', until: NOW + 900 },
  ],
  [
    'a retry that is due goes before new lines',
    { waiting: waiting(1), retries: [due(7, -1)] },
    { kind: 'retry', messageId: 7 },
  ],
  [
    'a retry not yet due holds nothing up',
    { waiting: waiting(1), retries: [due(7, 500)] },
    post([0], 'full'),
  ],
  ['new lines go before edits', { waiting: waiting(1), edits: [due(7, -100)] }, post([0], 'full')],
  [
    'edits in the order they fell due',
    { edits: [due(7, -100), due(8, -200)] },
    { kind: 'edit', messageId: 8 },
  ],
  [
    'an edit leaves a slot for a new line',
    { edits: [due(7, -100)], requests: [-4_000, -900, -800, -700] },
    { kind: 'wait', until: NOW + 1_000 },
  ],
  ['an edit not yet due: wait', { edits: [due(7, 300)] }, { kind: 'wait', until: NOW + 300 }],
];

describe('planNext', () => {
  for (const [what, work, next] of TABLE) {
    it(what, () => assert.deepEqual(planNext(workOf(work)), next));
  }

  it('shortens the lines when long ones would not get through', () => {
    const next = planNext(workOf({ waiting: waiting(200), requests: [-100, -90, -80, -70] }));
    assert.ok(next.kind === 'post');
    assert.equal(next.form, 'short');
    assert.ok(next.lineIds.length > 20 && next.lineIds.length <= LINES_PER_DIGEST);
  });

  it('gathers changes of a message into one edit', () => {
    assert.equal(editDueAt({ touchedAt: NOW, notBefore: 0 }), NOW + 750);
    assert.equal(editDueAt({ touchedAt: NOW, notBefore: NOW + 9_000 }), NOW + 9_000);
  });

  for (const latencyMs of [30, 150, 400]) {
    it(`logs 60 joins in 2.5 s within 6 s, none twice, at ${latencyMs} ms a request`, () => {
      const arrivals = Array.from({ length: 60 }, (_, index) => NOW + (index * 2_500) / 60);
      const { sent, requests } = simulate(arrivals, latencyMs);
      assert.deepEqual(
        [...sent.keys()].sort((a, b) => a - b),
        arrivals.map((_, index) => index),
      );
      assert.ok(Math.max(...sent.values()) <= NOW + 2_500 + 6_000);
      for (const [index, at] of requests.entries()) {
        const later = requests[index + MESSAGES_PER_WINDOW];
        assert.ok(later === undefined || later - at >= WINDOW_MS);
      }
    });
  }

  it('keeps up with a raid of 1,000 joins in 20 s', () => {
    const arrivals = Array.from({ length: 1_000 }, (_, index) => NOW + index * 20);
    const { sent } = simulate(arrivals, 150);
    assert.equal(sent.size, 1_000);
    assert.ok(Math.max(...sent.values()) - NOW < 40_000, `${Math.max(...sent.values()) - NOW} ms`);
  });
});

describe('layOut', () => {
  it('shortens the longest lines first and leaves none out', () => {
    const lines = Array.from({ length: LINES_PER_DIGEST }, (_, index) => textsOf(index));
    const content = layOut(lines, 'full', true);
    assert.ok(content.length <= MESSAGE_LENGTH, `${content.length}`);
    for (let index = 0; index < lines.length; index += 1) assert.ok(content.includes(`<${index}>`));
    assert.ok(content.endsWith('(possibly repeated)'));
  });

  it('always fits a digest whose lines all grew', () => {
    const bare = 'x'.repeat(52);
    const grown = { full: 'x'.repeat(1_900), short: 'x'.repeat(200), bare };
    const content = layOut(
      Array.from({ length: LINES_PER_DIGEST }, () => grown),
      'short',
      true,
    );
    assert.ok(content.length <= MESSAGE_LENGTH, `${content.length}`);
  });
});

/** Plays `planNext` against arrivals; answers when each line was there, and all request times. */
function simulate(arrivals: readonly number[], latencyMs: number) {
  const sent = new Map<number, number>();
  const requests: number[] = [];
  const queued = arrivals.map((queuedAt, id) => ({ id, queuedAt, texts: textsOf(id) }));
  let now = NOW;
  while (sent.size < arrivals.length) {
    const open = queued.filter((line) => line.queuedAt <= now && !sent.has(line.id));
    const next = planNext({
      now,
      requests,
      blockedUntil: 0,
      waiting: open,
      retries: [],
      edits: [],
    });
    if (next.kind === 'post') {
      now += latencyMs;
      requests.push(now);
      for (const id of next.lineIds) sent.set(id, now);
    } else {
      const arrival =
        queued.find((line) => line.queuedAt > now)?.queuedAt ?? Number.POSITIVE_INFINITY;
      now = Math.min(next.kind === 'wait' ? next.until : Number.POSITIVE_INFINITY, arrival);
    }
  }
  return { sent, requests };
}

function workOf(changes: Partial<ChannelWork>): ChannelWork {
  return {
    now: NOW,
    waiting: [],
    retries: [],
    edits: [],
    ...changes,
    requests: (changes.requests ?? []).map((request) => NOW + request),
    blockedUntil: NOW + (changes.blockedUntil ?? -1),
  };
}

function waiting(count: number, queuedAgo = 0): ChannelWork['waiting'] {
  return Array.from({ length: count }, (_, id) => ({
    id,
    queuedAt: NOW + queuedAgo,
    texts: textsOf(id),
  }));
}

function textsOf(id: number): LineTexts {
  return {
    full: `<${id}>`.padEnd(130, '.'),
    short: `<${id}>`.padEnd(55, '.'),
    bare: `<${id}>`.padEnd(35, '.'),
  };
}

function post(lineIds: readonly number[], form: 'full' | 'short') {
  return { kind: 'post', form, lineIds };
}

function due(messageId: number, inMs: number) {
  return { messageId, dueAt: NOW + inMs };
}
