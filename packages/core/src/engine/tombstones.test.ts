import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { ChannelId } from './ids.ts';
import type { Observation } from './observation.ts';
import { at, join, list, passed, tell } from './story.ts';

const auditLog = (seconds: number, heard: boolean): Observation => {
  return { kind: 'access', at: at(seconds), counts: true, auditLog: heard };
};

/** The only use of a one-use invite, unless somebody deleted it. */
const vanished = [list(0, { A: 0, Z: { uses: 0, maxUses: 1 } }), join('x', 10)];
const ended = list(10.3, { A: 0 });
const later = [list(14, { A: 0 }), passed(30)];

describe('the silence of the audit log', () => {
  it('proves that an invite was used up', () => {
    assert.equal(tell([...vanished, ended, ...later]).line('x'), 'certain invite:Z, settled');
  });

  it('proves nothing once the log is not heard any more', () => {
    const lost = [...vanished, ended, auditLog(12, false), ...later];
    assert.equal(tell(lost).line('x'), 'likely invite:Z if used-up, settled');
  });

  it('proves nothing where the word of that came just after the silence', () => {
    // Somebody else keeps the answer open.
    const slow = { ...list(14.5, { A: 1 }), requestedAt: at(13.2) } as Observation;
    const open = [...vanished, ended, join('y', 14), slow, passed(15.9)];
    assert.equal(tell(open).line('x'), 'certain invite:Z');
    const just = [...open, auditLog(16, false), passed(30)];
    assert.equal(tell(just).line('x'), 'likely invite:Z if used-up');
  });

  it('settles nothing before the word of a lost permission can have come', () => {
    const silent = [...vanished, ended, passed(15.9)];
    assert.equal(tell(silent).line('x'), 'certain invite:Z');
    const lost = [...silent, auditLog(16, false), list(17, { A: 0 }), passed(30)];
    assert.equal(tell(lost).line('x'), 'likely invite:Z if used-up, settled');
  });

  it('proves nothing where a channel was deleted that may have been theirs', () => {
    const deleted = (seconds: number): Observation => {
      return { kind: 'channel-deleted', at: at(seconds), channelId: 'c' as ChannelId };
    };
    const uses = [deleted(9.9), deleted(12)].map((channel) => {
      const told = [...vanished, ended, ...later, channel].sort((one, two) => one.at - two.at);
      return tell(told).line('x');
    });
    assert.deepEqual(uses, Array(2).fill('likely invite:Z if used-up, settled'));
    const elsewhere = { uses: 0, maxUses: 1, channelId: 'other' as ChannelId };
    const known = [list(0, { A: 0, Z: elsewhere }), deleted(9.9), join('x', 10), ended, ...later];
    assert.equal(tell(known).line('x'), 'certain invite:Z, settled');
  });

  it('proves nothing of an end before the log was heard', () => {
    const found = [auditLog(-1, false), ...vanished, auditLog(10.1, true), ended, ...later];
    assert.equal(tell(found).line('x'), 'likely invite:Z if used-up, settled');
    const before = [auditLog(-9, false), auditLog(-5, true), ...vanished, ended, ...later];
    assert.equal(tell(before).line('x'), 'certain invite:Z, settled');
  });
});
