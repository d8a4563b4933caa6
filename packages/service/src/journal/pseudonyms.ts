import type { Names } from 'wherefrom';

/** Names that stay as they are; what they were asked for is collected. */
export class Mentioned implements Names {
  readonly users = new Set<string>();
  readonly codes = new Set<string>();
  readonly places = new Set<string>();

  user<Id extends string>(id: Id): Id {
    this.users.add(id);
    return id;
  }

  code<Id extends string>(code: Id): Id {
    this.codes.add(code);
    return code;
  }

  place<Id extends string>(id: Id): Id {
    this.places.add(id);
    return id;
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
 * That is all that stays of them, but for two things. The engine sorts by code, so the new codes
 * sort as the old ones did. And it sees whether the pages of a member list go forward, so the ids
 * at which they begin (which are nobody's names here) keep their order too. There is no key with
 * which any could be told again.
 */
export class Pseudonyms implements Names {
  readonly #users = new Map<string, string>();
  readonly #channels = new Map<string, string>();
  readonly #roles = new Map<string, string>();
  readonly #codes: ReadonlyMap<string, string>;
  readonly #places: ReadonlyMap<string, string>;

  /** All codes and places that will be asked for. */
  constructor({ codes, places }: Pick<Mentioned, 'codes' | 'places'>) {
    this.#codes = ranked([...codes].sort(), 'code');
    this.#places = ranked([...places].sort(bySize), '');
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
    return known(this.#codes, code);
  }

  place<Id extends string>(id: Id): Id {
    return known(this.#places, id);
  }
}

function numbered<Id extends string>(names: Map<string, string>, id: Id): Id {
  const given = names.get(id) ?? String(names.size + 1);
  names.set(id, given);
  return given as Id;
}

/** Of one length, so that they sort as texts and as numbers alike. */
function ranked(sorted: readonly string[], start: string): ReadonlyMap<string, string> {
  const digits = String(sorted.length).length;
  return new Map(
    sorted.map((name, index) => [name, `${start}${String(index + 1).padStart(digits, '0')}`]),
  );
}

function known<Id extends string>(names: ReadonlyMap<string, string>, id: Id): Id {
  const name = names.get(id);
  if (name === undefined) throw new Error('a name was not collected before it was changed');
  return name as Id;
}

function bySize(one: string, other: string): number {
  return one.length - other.length || (one < other ? -1 : 1);
}
