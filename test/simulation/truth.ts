import type { TruthRecord } from '@wherefrom/emulator';
import type { Attribution, Origin } from 'wherefrom';

/** `invite:CODE`, `vanity:CODE`, `bot`, `no-invite` ...: equal for an answer that names the truth. */
export function keyOf(origin: Origin): string {
  switch (origin.kind) {
    case 'invite':
    case 'vanity':
      return `${origin.kind}:${origin.code}`;
    case 'application':
      return `application:${origin.code ?? ''}`;
    case 'unknown':
      return `unknown:${origin.reason}`;
    default:
      return origin.kind;
  }
}

export function keyOfTruth({ origin }: TruthRecord): string {
  switch (origin.kind) {
    case 'invite':
    case 'vanity':
      return `${origin.kind}:${origin.code}`;
    case 'bot':
      return 'bot';
    case 'none':
      return 'no-invite';
  }
}

/** A promise was kept: the origin is the true one, its inviter or adder included. */
export function agrees({ origin }: Attribution, truth: TruthRecord): boolean {
  if (origin === null) return false;
  // Only Discord's own record tells how somebody came of whom no counter does.
  if (truth.origin.kind === 'none' && origin.kind === truth.origin.path) return true;
  if (origin.kind === 'application') {
    return origin.code === ('code' in truth.origin ? truth.origin.code : null);
  }
  if (keyOf(origin) !== keyOfTruth(truth)) return false;
  if (origin.kind === 'invite' && truth.origin.kind === 'invite') {
    return origin.inviterId === truth.origin.inviterId;
  }
  if (origin.kind === 'bot' && truth.origin.kind === 'bot') {
    return origin.adderId === null || origin.adderId === truth.origin.adderId;
  }
  return true;
}

/** The answer leaves room for the truth. A guild with manual approval cannot name the code. */
export function allows(answer: Attribution, truth: TruthRecord): boolean {
  const wanted = keyOfTruth(truth);
  return answer.candidates.some(({ origin }) => {
    const key = keyOf(origin);
    if (key === wanted || origin.kind === 'unknown') return true;
    if (truth.origin.kind === 'none' && origin.kind === truth.origin.path) return true;
    return (
      origin.kind === 'application' && (origin.code === null || wanted.endsWith(`:${origin.code}`))
    );
  });
}
