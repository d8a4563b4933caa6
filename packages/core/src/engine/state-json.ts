import { emptyRest, type GuildRest } from './state.ts';

/**
 * The part of a guild's state that is stored as one text. Nothing is open across a restart: a
 * request that was under way is asked again, and a lost session is told anew by the shell.
 */
export function restToJson(rest: GuildRest): string {
  let text = '{"version":1';
  for (const [name, value] of Object.entries(rest)) {
    // Most guilds are quiet: only what differs from an empty state is worth a byte.
    if (value === EMPTY.get(name)?.value) continue;
    const json = JSON.stringify(value);
    if (json !== EMPTY.get(name)?.json) text += `,${JSON.stringify(name)}:${json}`;
  }
  return `${text}}`;
}

const EMPTY = new Map(
  Object.entries(emptyRest).map(([name, value]) => [name, { value, json: JSON.stringify(value) }]),
);

/**
 * Reads what `restToJson` wrote; fields that are not there have their first value.
 * @throws SyntaxError if the text is not JSON of a known version.
 */
export function restFromJson(text: string): GuildRest {
  const stored: unknown = JSON.parse(text);
  if (typeof stored !== 'object' || stored === null || !('version' in stored)) {
    throw new SyntaxError('the stored state of a guild is not an object with a version');
  }
  const { version, ...fields } = stored as { version: unknown } & Partial<GuildRest>;
  if (version !== 1)
    throw new SyntaxError(`the stored state has version ${String(version)}, not 1`);
  const rest = { ...emptyRest, ...fields };
  const access = { ...emptyRest.access, ...rest.access };
  const vanity = { ...emptyRest.vanity, ...rest.vanity };
  const lookup = { ...rest.lookup, listOpen: false, vanityOpen: false };
  const sweep = rest.sweep === null ? null : { ...rest.sweep, open: false };
  const search = { ...rest.search, open: false };
  return {
    ...rest,
    access,
    vanity,
    lookup,
    sweep,
    search,
    session: emptyRest.session,
    wakeAt: null,
  };
}
