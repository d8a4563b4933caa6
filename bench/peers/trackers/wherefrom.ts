import { createLog, readConfig, startService } from '@wherefrom/service';
import type { Attribution, Origin } from 'wherefrom';
import { named, type Said, type Source, UNKNOWN } from '../answer.ts';
import type { Start } from './bot.ts';

/** The service as `npm start` runs it, with its database in the folder of the process. */
export async function runWherefrom({ setUp, apiUrl, token, report }: Start): Promise<void> {
  const config = readConfig({
    DISCORD_TOKEN: token,
    DISCORD_API_URL: apiUrl,
    DATA_DIR: process.cwd(),
    MEMBER_SEARCH: setUp === 'member search' ? 'ambiguous' : 'off',
    LOG_LEVEL: 'error',
  });
  const service = await startService(config, {
    log: createLog(config, () => token),
    committed: ({ guildId, records }) => {
      for (const record of records) {
        const { userId, joinedAt, settled } = record;
        const said = saidOf(record);
        const atMs = Date.now();
        report({ kind: 'answer', guildId, userId, joinedAtMs: joinedAt, atMs, said, settled });
      }
    },
  });
  process.on('SIGTERM', () => void service.stop().then(() => process.exit(0)));
  await service.ready;
  report({ kind: 'ready' });
}

function saidOf({ certainty, origin, candidates }: Attribution): Said {
  switch (certainty) {
    case 'unknown':
      return UNKNOWN;
    case 'ambiguous':
      return {
        kind: 'ambiguous',
        candidates: candidates.flatMap((candidate) => sourceOf(candidate.origin) ?? []),
      };
    case 'reported':
    case 'certain':
    case 'likely': {
      const source = origin === null ? null : sourceOf(origin);
      return source === null ? UNKNOWN : named(source, certainty !== 'likely');
    }
  }
}

function sourceOf(origin: Origin): Source | null {
  switch (origin.kind) {
    case 'invite':
      return { kind: 'invite', code: origin.code };
    case 'application':
      return origin.code === null ? null : { kind: 'invite', code: origin.code };
    case 'vanity':
    case 'bot':
      return { kind: origin.kind };
    case 'unknown':
      return null;
    default:
      return { kind: 'none' };
  }
}
