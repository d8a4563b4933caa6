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

/** Discord's own record says more of a join than that no counter moved. */
function isRecordOf(origin: Origin, truth: TruthRecord): boolean {
  const { origin: came } = truth;
  if (origin.kind === 'application') return origin.code === ('code' in came ? came.code : null);
  return came.kind === 'none' && origin.kind === came.path;
}

/** A promise was kept: the origin is the true one, its inviter or adder included. */
export function agrees({ origin }: Attribution, truth: TruthRecord): boolean {
  if (origin === null) return false;
  if (isRecordOf(origin, truth)) return true;
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
    return (
      origin.kind === 'application' && (origin.code === null || wanted.endsWith(`:${origin.code}`))
    );
  });
}
