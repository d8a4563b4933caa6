import type { GatewayStep } from './notation.ts';
import type { Stage } from './socket-outcome.ts';
import type { SocketGuild } from './socket-stage.ts';

/** The bot or one of its guilds goes or comes. Null where nothing has to be waited for. */
export function gateway(
  stage: Stage,
  guild: SocketGuild,
  event: GatewayStep,
): Promise<void> | null {
  const { pair, scene, away } = stage;
  const { emulator } = pair;
  const { guildId } = guild;
  switch (event) {
    case 'CONNECT':
      for (const each of scene.guilds) {
        if (each.given.start !== 'cold') continue;
        each.reveal();
        away.delete(each);
      }
      return null;
    case 'OUTAGE':
      away.add(guild);
      emulator.act({ kind: 'outage', guildId });
      return null;
    case 'KICKED':
      away.add(guild);
      emulator.act({ kind: 'removeBot', guildId });
      return null;
    case 'BACK':
      away.delete(guild);
      emulator.act({ kind: 'restore', guildId });
      return null;
    case 'INVITED':
      away.delete(guild);
      emulator.act({ kind: 'addBot', guildId });
      return null;
    default:
      return wholeBot(stage, event);
  }
}

/** What happens to all guilds of the bot: such a row has a pair of its own. */
async function wholeBot(stage: Stage, event: GatewayStep): Promise<void> {
  const { pair, scene, away } = stage;
  const { emulator } = pair;
  const { identifies, resumes } = emulator.gateway;
  const ends = scene.row.steps.some(
    (step) => step.kind === 'gateway' && step.event === 'NEW SESSION',
  );
  switch (event) {
    case 'LOST':
      if (ends) for (const guild of scene.guilds) away.add(guild);
      emulator.disconnect({ resumable: !ends });
      return;
    case 'RESUMED':
      // The row went on in one tick with the loss, so nothing can have come back before.
      return emulator.waitFor(() => emulator.gateway.resumes > 0 || resumes > 0);
    case 'NEW SESSION':
      away.clear();
      return emulator.waitFor(() => emulator.gateway.identifies > 1 || identifies > 1);
    case 'STOP':
      for (const guild of scene.guilds) away.add(guild);
      return pair.stopService();
    default:
      // The row's restart is one whose session is gone; others are tested with the service.
      emulator.invalidate();
      await pair.startService();
      away.clear();
  }
}
