import type { Emulator, Prng } from '@wherefrom/emulator';
import { type Beat, nextBeat, touched } from './beats.ts';
import type { Losses } from './losses.ts';
import { Town, type TownKind } from './town.ts';
import { endTrouble, trouble } from './troubles.ts';

const KINDS: readonly TownKind[] = [
  'plain',
  'quiet',
  'quiet',
  'quiet',
  'limited',
  'raided',
  'locked',
  'moved',
  'dark',
  'guest',
];
/** Guilds that the bot is added to while it all goes on. */
const YOUNG_TOWNS = 3;

/** What happens in all guilds, beat by beat. */
export class Story {
  readonly towns: Town[] = [];
  readonly #emulator: Emulator;
  readonly #losses: Losses;
  readonly #chance: Prng;
  /** Parts of beats that are still to come. */
  #later: (() => void)[] = [];

  constructor(emulator: Emulator, losses: Losses, chance: Prng) {
    this.#emulator = emulator;
    this.#losses = losses;
    this.#chance = chance;
    for (const kind of KINDS) this.#open(kind);
  }

  /** How many have joined so far. */
  get joins(): number {
    return this.#emulator.truth().length;
  }

  /** One thing happens: what was begun goes on, or something new begins. */
  beat(): void {
    const next = this.#later.length > 3 || this.#chance.chance(0.4) ? this.#later.shift() : null;
    if (next) next();
    else this.#begin(nextBeat(this.#somewhere(), this.#chance));
  }

  /** Something that leads to no answer and no line. */
  touch(): void {
    this.#begin(touched(this.#somewhere(), this.#chance));
  }

  /** All that was begun is done. */
  finish(): void {
    for (const part of this.#later.splice(0)) part();
  }

  /** Something goes wrong, or is mended. Answers what. */
  trouble(): string {
    const young = this.towns.filter(({ kind }) => kind === 'young').length;
    if (young < YOUNG_TOWNS && this.#chance.chance(0.08)) {
      this.#open('young');
      return 'the bot was added to a guild';
    }
    const troubled = this.towns.filter(({ kind }) =>
      ['locked', 'moved', 'dark', 'guest'].includes(kind),
    );
    const town = this.#chance.pick(troubled);
    return `${town.name}: ${trouble(town, this.#chance)}`;
  }

  /** Everything is as it should be. */
  mend(): void {
    for (const town of this.towns) endTrouble(town);
  }

  /** One more join by an ordinary invite, in each guild. */
  everywhere(): void {
    for (const town of this.towns) town.invited(this.#chance.pick(town.codes));
  }

  #somewhere(): Town {
    const town = this.#chance.pick(this.towns);
    return town.kind === 'quiet' && this.#chance.chance(0.6) ? this.#somewhere() : town;
  }

  #begin([first, ...others]: Beat): void {
    first?.();
    this.#later.push(...others);
  }

  #open(kind: TownKind): void {
    const others = this.towns.filter((town) => town.kind === kind).length;
    const name = others === 0 ? kind : `${kind}${others + 1}`;
    this.towns.push(new Town(kind, name, { emulator: this.#emulator, losses: this.#losses }));
  }
}
