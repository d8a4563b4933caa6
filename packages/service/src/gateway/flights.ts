import type { Receipt } from 'wherefrom';

interface Flight {
  readonly receipt: Receipt;
  holds: number;
}

interface ShardFlights {
  /** Events that are not taken in yet, in their order. */
  readonly open: Map<number, Flight>;
  /** The last event that began. */
  latest: number;
  /** Up to which event it is stored that all are taken in. */
  stored: number;
}

/** Which events of each shard's session are under way. */
export class Flights {
  readonly #shards = new Map<number, ShardFlights>();

  /** Opens an event, held once. */
  begin(shardId: number, sequence: number): Receipt {
    const shard = this.#of(shardId);
    const receipt: Receipt = { shardId, sequence };
    shard.open.set(sequence, { receipt, holds: 1 });
    shard.latest = Math.max(shard.latest, sequence);
    return receipt;
  }

  /** False for events of a session that is over. */
  has(receipt: Receipt): boolean {
    return this.#flightOf(receipt) !== undefined;
  }

  hold(receipt: Receipt): void {
    const flight = this.#flightOf(receipt);
    if (flight !== undefined) flight.holds += 1;
  }

  release(receipt: Receipt): void {
    const flight = this.#flightOf(receipt);
    if (flight === undefined) return;
    flight.holds -= 1;
    if (flight.holds === 0) this.#of(receipt.shardId).open.delete(receipt.sequence);
  }

  /** A new session, or one that goes on after this event: all before is done with. */
  restart(shardId: number, sequence: number): void {
    this.#shards.set(shardId, { open: new Map(), latest: sequence, stored: sequence });
  }

  /** Up to where each shard would be taken in once these holds are released. */
  pointsAfter(
    releasing: readonly Receipt[],
  ): readonly { readonly shardId: number; readonly sequence: number }[] {
    const released = new Map<Flight, number>();
    for (const receipt of releasing) {
      const flight = this.#flightOf(receipt);
      if (flight !== undefined) released.set(flight, (released.get(flight) ?? 0) + 1);
    }
    const points = [];
    for (const [shardId, shard] of this.#shards) {
      const sequence = pointOf(shard, released);
      if (sequence > shard.stored) points.push({ shardId, sequence });
    }
    return points;
  }

  /** Whether there is anything to store that is not stored. */
  moved(): boolean {
    return this.pointsAfter([]).length > 0;
  }

  /** The points as they are now are stored. */
  stored(): void {
    const none = new Map<Flight, number>();
    for (const shard of this.#shards.values()) {
      shard.stored = Math.max(shard.stored, pointOf(shard, none));
    }
  }

  #of(shardId: number): ShardFlights {
    const known = this.#shards.get(shardId);
    if (known !== undefined) return known;
    const fresh: ShardFlights = { open: new Map(), latest: 0, stored: 0 };
    this.#shards.set(shardId, fresh);
    return fresh;
  }

  #flightOf(receipt: Receipt): Flight | undefined {
    const flight = this.#shards.get(receipt.shardId)?.open.get(receipt.sequence);
    return flight?.receipt === receipt ? flight : undefined;
  }
}

/** Events begin in order, so the first that stays open is the lowest. */
function pointOf({ open, latest }: ShardFlights, released: ReadonlyMap<Flight, number>): number {
  for (const flight of open.values()) {
    if (flight.holds > (released.get(flight) ?? 0)) return flight.receipt.sequence - 1;
  }
  return latest;
}
