import { checkLedger } from './check-ledger.ts';
import { checkLines } from './check-lines.ts';
import { checkRest } from './check-rest.ts';
import { checkSums } from './check-sums.ts';
import { type GuildEnd, guildEnds } from './guild-end.ts';
import type { World } from './mixes.ts';
import { Stage } from './stage.ts';

/** What a world came to. */
export interface Outcome {
  readonly seed: number;
  readonly joins: number;
  /** What must not be where the assumptions hold, one line each. */
  readonly findings: readonly string[];
  readonly certainties: Readonly<Record<string, number>>;
  readonly requests: number;
  readonly events: number;
}

/** Plays a world to its end and judges it. */
export async function runWorld(world: World): Promise<Outcome> {
  const stage = new Stage(world);
  try {
    await stage.play();
    const ends = await guildEnds(stage);
    const findings = [
      ...stage.recorder.findings,
      ...unwanted(stage),
      ...(await checkRest(stage, ends)),
      ...ends.flatMap((end) => [
        ...checkLedger(end),
        ...checkSums(end).findings,
        ...checkLines(stage, end, isLogWhole(stage, end)),
      ]),
    ];
    return {
      seed: world.seed,
      joins: stage.discord.world.truth.length,
      findings: [...new Set(findings)],
      certainties: certaintiesOf(ends),
      requests: stage.side.requests,
      events: stage.queue.ran,
    };
  } finally {
    stage.close();
  }
}

/** A step that throws and a listener that throws are bugs whatever the weather is. */
function unwanted({ recorder }: Stage): string[] {
  return recorder.reports
    .filter(({ kind }) => kind === 'step-threw' || kind === 'listener-threw')
    .map(({ kind, cause }) => `${kind}: ${cause instanceof Error ? cause.stack : String(cause)}`);
}

/** The log channel was there and writable all the time. */
function isLogWhole(stage: Stage, { guildId }: GuildEnd): boolean {
  const index = stage.guildIds.indexOf(guildId);
  const spec = stage.script.guilds[index];
  const hasLog = spec?.channels?.some(
    (channel) => typeof channel !== 'string' && channel.name === 'join-logs',
  );
  const shut = stage.script.entries.some(
    (entry) =>
      entry.guild === index &&
      ((entry.deed.kind === 'delete-channel' &&
        entry.deed.channelId ===
          spec?.channels?.map((channel) => (typeof channel === 'string' ? '' : channel.id))[0]) ||
        (entry.deed.kind === 'permissions' && !entry.deed.names.includes('SEND_MESSAGES')) ||
        entry.deed.kind === 'outage'),
  );
  return hasLog === true && !shut;
}

function certaintiesOf(ends: readonly GuildEnd[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { rows } of ends) {
    for (const { attribution } of rows) {
      counts[attribution.certainty] = (counts[attribution.certainty] ?? 0) + 1;
    }
  }
  return counts;
}
