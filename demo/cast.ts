import type { Emulator } from '@wherefrom/emulator';
import type { Chance } from './chance.ts';

const FIRST =
  'Ada Bo Cleo Dara Emre Fenna Gil Hana Ivo Juno Kai Lena Milo Noor Otis Pia Quin Rosa Sami Tove Uma Vito Wren Xena Yara Zeno'.split(
    ' ',
  );
const SECOND =
  'Ash Birch Cedar Dune Elm Fern Glen Heath Iris Jade Kelp Lark Moss Nettle Oak Pine Quill Reed Sage Thorn'.split(
    ' ',
  );

/** A guild of the story, with the people who invite others to it. */
export interface Town {
  readonly guildId: string;
  readonly name: string;
  readonly logChannelId: string;
  readonly vanity: string | null;
  /** Standing invites, each made by somebody with a name. */
  readonly codes: readonly string[];
  readonly inviterIds: readonly string[];
}

/** The people and places of the story. */
export interface Cast {
  readonly towns: readonly Town[];
  /** A new person; names are drawn, ids are the emulator's. */
  newName(): string;
}

export function castIn(emulator: Emulator, chance: Chance): Cast {
  let people = 0;
  const newName = (): string => {
    people += 1;
    return `${chance.pick(FIRST)} ${chance.pick(SECOND)} ${people}`;
  };
  const town = (name: string, codes: readonly string[], vanity: string | null): Town => {
    const inviterIds = codes.map(
      () => emulator.act({ kind: 'createUser', username: newName() }).userId,
    );
    const made = emulator.act({
      kind: 'createGuild',
      name,
      fillers: 40,
      ...(vanity === null ? {} : { vanity: { code: vanity, uses: 120 } }),
      invites: codes.map((code, n) => ({
        code,
        inviterId: inviterIds[n]!,
        uses: chance.between(0, 30),
      })),
    });
    const logChannelId = made.channelIds['join-logs'] ?? '';
    return { guildId: made.guildId, name, logChannelId, vanity, codes, inviterIds };
  };
  return {
    towns: [
      town('Harbour Café', ['harbour', 'newsletter', 'poster'], null),
      town('Night Owls', ['owlnest', 'podcast'], 'nightowls'),
      town('Chess Club', ['gambit', 'school'], null),
    ],
    newName,
  };
}
