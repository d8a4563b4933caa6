import { type Form, fitting } from './layout.ts';
import type { LineTexts } from './line.ts';

/** A channel takes about this many messages in this long. */
export const MESSAGES_PER_WINDOW = 5;
export const WINDOW_MS = 5_000;

/** With fewer slots than this left, lines are gathered into digests instead of sent at once. */
const FREE_FOR_LONE_LINES = 3;
/** How long a line may be held back to gather others. */
const GATHER_MS = 1_000;
/** Changes of one message within this are one edit. */
const EDIT_GATHER_MS = 750;
/** Slots that free up this soon count when the size of the lines is chosen. */
const SOON_MS = 1_500;

/** All that matters for what a channel's log does next. */
export interface ChannelWork {
  readonly now: number;
  /** When the latest requests on this channel were made, oldest first. */
  readonly requests: readonly number[];
  /** Discord asked for silence until then. */
  readonly blockedUntil: number;
  /** Lines that no message holds yet, oldest first. */
  readonly waiting: readonly WaitingLine[];
  /** Messages that were tried and have to be tried again. */
  readonly retries: readonly Due[];
  /** Messages whose wording has to change. */
  readonly edits: readonly Due[];
}

export interface WaitingLine {
  readonly id: number;
  readonly queuedAt: number;
  readonly texts: LineTexts;
}

export interface Due {
  readonly messageId: number;
  readonly dueAt: number;
}

export type NextSend =
  | { readonly kind: 'post'; readonly lineIds: readonly number[]; readonly form: Form }
  | { readonly kind: 'retry'; readonly messageId: number }
  | { readonly kind: 'edit'; readonly messageId: number }
  | { readonly kind: 'wait'; readonly until: number }
  | { readonly kind: 'idle' };

/**
 * Decides what a channel's log sends next. New lines go before edits, and an edit always leaves a
 * slot for a new line. A lone line goes at once; when slots get scarce, lines are gathered for up
 * to a second and go out as a digest.
 */
export function planNext(work: ChannelWork): NextSend {
  const { now } = work;
  const start = opensAt(work);
  const moments: number[] = [];

  const retry = earliest(work.retries);
  if (retry !== null) {
    const at = Math.max(retry.dueAt, start);
    if (at <= now) return { kind: 'retry', messageId: retry.messageId };
    moments.push(at);
  }
  if (work.waiting.length > 0) {
    const at = Math.max(gatheredAt(work), start);
    if (at <= now) return newMessage(work);
    moments.push(at);
  }
  const edit = earliest(work.edits);
  if (edit !== null && work.waiting.length === 0) {
    const at = Math.max(edit.dueAt, work.blockedUntil, slotAt(work, 2));
    if (at <= now) return { kind: 'edit', messageId: edit.messageId };
    moments.push(at);
  }
  return moments.length === 0 ? { kind: 'idle' } : { kind: 'wait', until: Math.min(...moments) };
}

/** Before this nothing can be sent, whatever there is to send. */
export function opensAt(channel: Pick<ChannelWork, 'now' | 'requests' | 'blockedUntil'>): number {
  return Math.max(channel.blockedUntil, slotAt(channel, 1));
}

/** When a message should be edited: changes come in flocks. */
export function editDueAt(stale: {
  readonly touchedAt: number;
  readonly notBefore: number;
}): number {
  return Math.max(stale.notBefore, stale.touchedAt + EDIT_GATHER_MS);
}

/** When the waiting lines should go: at once, or once enough of them have gathered. */
function gatheredAt(work: ChannelWork): number {
  const { waiting, now } = work;
  const oldest = waiting[0]?.queuedAt ?? now;
  if (freeSlots(work, now) >= FREE_FOR_LONE_LINES) return now;
  const full = fitting(texts(waiting), formFor(work)) < waiting.length;
  return full ? now : oldest + GATHER_MS;
}

/** One line alone while slots last, else as many as a message holds. */
function newMessage(work: ChannelWork): NextSend {
  const { waiting } = work;
  const free = freeSlots(work, work.now);
  const alone = waiting.length < free;
  const form = alone ? 'full' : formFor(work);
  const count = alone ? 1 : fitting(texts(waiting), form);
  return { kind: 'post', form, lineIds: waiting.slice(0, count).map((line) => line.id) };
}

/** Short lines where long ones would not get through with the slots at hand. */
function formFor(work: ChannelWork): Form {
  const slots = Math.max(1, freeSlots(work, work.now + SOON_MS));
  let rest = texts(work.waiting);
  for (let slot = 0; slot < slots && rest.length > 0; slot += 1) {
    rest = rest.slice(fitting(rest, 'full'));
  }
  return rest.length === 0 ? 'full' : 'short';
}

/** When at least `count` slots are free. */
function slotAt(work: Pick<ChannelWork, 'now' | 'requests'>, count: number): number {
  const recent = recentRequests(work, work.now);
  const last = recent.length - (MESSAGES_PER_WINDOW - count) - 1;
  const request = last < 0 ? undefined : recent[last];
  return request === undefined ? work.now : request + WINDOW_MS;
}

function freeSlots(work: ChannelWork, at: number): number {
  return MESSAGES_PER_WINDOW - recentRequests(work, at).length;
}

function recentRequests(work: Pick<ChannelWork, 'requests'>, at: number): readonly number[] {
  return work.requests.filter((request) => request > at - WINDOW_MS);
}

function earliest(dues: readonly Due[]): Due | null {
  let first: Due | null = null;
  for (const due of dues) {
    if (first === null || due.dueAt < first.dueAt) first = due;
  }
  return first;
}

function texts(lines: readonly WaitingLine[]): readonly LineTexts[] {
  return lines.map((line) => line.texts);
}
