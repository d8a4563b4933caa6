import type { MemberPageWanted, SearchedMember } from 'wherefrom';

/** A page of member search, as far as it could be read. */
export interface PageRead {
  readonly members: readonly SearchedMember[];
  readonly entries: number;
  readonly total: number | null;
}

export type PageMeaning =
  /** These are new; the next page begins with joins at `next`, or there is none. */
  | {
      readonly kind: 'progress';
      readonly members: readonly SearchedMember[];
      readonly next: number | null;
    }
  /** Asking on would bring the same, or leave people out. */
  | { readonly kind: 'stuck'; readonly why: string };

/**
 * What a page says of everybody who joined in the time that was asked for. Nothing about paging is
 * documented (Q31): neither cursors nor the order nor the total are leaned on. Each page moves the
 * beginning of the time forward, or it is the last, or the search cannot be read.
 */
export function meaningOf(page: PageRead, wanted: MemberPageWanted): PageMeaning {
  const { entries, total } = page;
  if (entries === 0) return progress([], null);
  const members = page.members.filter(
    ({ joinedAt }) => joinedAt >= wanted.since && joinedAt <= wanted.until,
  );
  if (members.length === 0) return stuck('nobody on a page had joined in the time asked for');
  if (total !== null && total <= entries && entries < wanted.limit) return progress(members, null);
  const first = members[0]!.joinedAt;
  const last = members.at(-1)!.joinedAt;
  if (!isInOrder(members)) return stuck('a page was not in the order asked for');
  // Of those who joined in one instant no part can be left for the next page.
  if (first === last) return progress(members, last + 1);
  // The page may have been cut within the last instant: that one is read anew, as a whole.
  return progress(
    members.filter(({ joinedAt }) => joinedAt < last),
    last,
  );
}

/** A part of a page, and where the reading goes on behind it. */
export interface Slice {
  readonly members: readonly SearchedMember[];
  readonly next: number | null;
}

/**
 * A page in parts of about this size, so that writing it keeps nobody waiting. No part ends within
 * an instant: what follows it begins with another one.
 */
export function slicesOf(
  { members, next }: Extract<PageMeaning, { readonly kind: 'progress' }>,
  size: number,
): readonly Slice[] {
  const ordered = members.toSorted((one, other) => one.joinedAt - other.joinedAt);
  const slices: Slice[] = [];
  let from = 0;
  for (let n = 1; n < ordered.length; n += 1) {
    const { joinedAt } = ordered[n]!;
    if (n - from < size || joinedAt === ordered[n - 1]!.joinedAt) continue;
    slices.push({ members: ordered.slice(from, n), next: joinedAt });
    from = n;
  }
  return [...slices, { members: ordered.slice(from), next }];
}

function isInOrder(members: readonly SearchedMember[]): boolean {
  return members.every((member, n) => n === 0 || member.joinedAt >= members[n - 1]!.joinedAt);
}

function progress(members: readonly SearchedMember[], next: number | null): PageMeaning {
  return { kind: 'progress', members, next };
}

function stuck(why: string): PageMeaning {
  return { kind: 'stuck', why };
}
