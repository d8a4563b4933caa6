import type { InviteCode, Names } from 'wherefrom';

/** Names that stay as they are; what they were asked for is collected. */
export class Mentioned implements Names {
  readonly users = new Set<string>();
  readonly codes = new Set<string>();

  user<Id extends string>(id: Id): Id {
    this.users.add(id);
    return id;
  }

  code<Id extends string>(code: Id): Id {
    this.codes.add(code);
    return code;
  }

  channel<Id extends string>(id: Id): Id {
    return id;
  }

  role<Id extends string>(id: Id): Id {
    return id;
  }
}

/**
 * Numbers instead of ids, in the order in which they appear, and numbered codes instead of codes.
 * That is all that stays of them, but for one thing: the engine sorts by code, so the new codes
 * sort as the old ones did. There is no key with which they could be told again.
 */
export class Pseudonyms implements Names {
  readonly #users = new Map<string, string>();
  readonly #channels = new Map<string, string>();
  readonly #roles = new Map<string, string>();
  readonly #codes: ReadonlyMap<string, string>;

  /** `codes`: all that will be asked for. */
  constructor(codes: Iterable<InviteCode | string>) {
    const sorted = [...new Set(codes)].sort();
    const digits = String(sorted.length).length;
    this.#codes = new Map(
      sorted.map((code, index) => [code, `code${String(index + 1).padStart(digits, '0')}`]),
    );
  }

  user<Id extends string>(id: Id): Id {
    return numbered(this.#users, id);
  }

  channel<Id extends string>(id: Id): Id {
    return numbered(this.#channels, id);
  }

  role<Id extends string>(id: Id): Id {
    return numbered(this.#roles, id);
  }

  code<Id extends string>(code: Id): Id {
    const known = this.#codes.get(code);
    if (known === undefined) throw new Error('a code was not collected before it was renamed');
    return known as Id;
  }
}

function numbered<Id extends string>(known: Map<string, string>, id: Id): Id {
  const given = known.get(id) ?? String(known.size + 1);
  known.set(id, given);
  return given as Id;
}
