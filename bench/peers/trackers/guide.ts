import { setTimeout as sleep } from 'node:timers/promises';
import { type Client, type Collection, Events, type Invite } from 'discord.js';
import { byInvite, FAILED, UNKNOWN } from '../answer.ts';
import type { SetUp } from '../contestants.ts';
import { type Start, startBot, type Tell } from './bot.ts';

type Invites = Collection<string, Invite>;

/**
 * The algorithm that most bots began with, in our own words: An Idiot's Guide, "Tracking Used
 * Invites", in its older text, in its text of today, and in that text mended.
 */
export async function runGuide(start: Start): Promise<void> {
  await startBot(start, installOf(start.setUp));
}

function installOf(setUp: SetUp): (client: Client, tell: Tell) => void {
  if (setUp === 'older text') return keepObjects;
  return setUp === 'best' ? keepFreshCounts : keepCounts;
}

/** The older text keeps the objects of the library, which the library changes in place. */
function keepObjects(client: Client, tell: Tell): void {
  const kept = new Map<string, Invites>();
  client.on(Events.ClientReady, () => {
    for (const guild of client.guilds.cache.values()) {
      guild.invites.fetch().then((invites) => kept.set(guild.id, invites));
    }
  });
  client.on(Events.InviteCreate, (invite) => {
    kept.get(invite.guild!.id)?.set(invite.code, invite);
  });
  client.on(Events.InviteDelete, ({ guild, code }) => {
    kept.get(guild!.id)?.delete(code);
  });
  client.on(Events.GuildMemberAdd, (member) => {
    member.guild.invites.fetch().then((now) => {
      const before = kept.get(member.guild.id)!;
      kept.set(member.guild.id, now);
      const used = now.find(({ code, uses }) => before.get(code)!.uses! < uses!);
      tell(member, byInvite(used!.code));
    });
  });
}

type Counts = Map<string, number | null>;

const countsOf = (invites: Invites): Counts =>
  new Map(invites.map(({ code, uses }) => [code, uses]));

/** The text of today copies the counts at the start, and never again. */
function keepCounts(client: Client, tell: Tell): void {
  const kept = new Map<string, Counts>();
  client.on(Events.ClientReady, async () => {
    await sleep(1_000);
    for (const guild of client.guilds.cache.values()) {
      guild.invites.fetch().then((invites) => kept.set(guild.id, countsOf(invites)));
    }
  });
  followInvites(client, kept);
  client.on(Events.GuildCreate, (guild) => {
    guild.invites.fetch().then((invites) => kept.set(guild.id, countsOf(invites)));
  });
  client.on(Events.GuildMemberAdd, (member) => {
    member.guild.invites.fetch().then((now) => {
      const before = kept.get(member.guild.id)!;
      const used = now.find(({ code, uses }) => uses! > before.get(code)!);
      tell(member, byInvite(used!.code));
    });
  });
}

/** Mended: counts are copied after each join, without waiting at the start, and nothing throws. */
function keepFreshCounts(client: Client, tell: Tell): void {
  const kept = new Map<string, Counts>();
  client.on(Events.ClientReady, () => {
    for (const guild of client.guilds.cache.values()) {
      guild.invites.fetch().then((invites) => kept.set(guild.id, countsOf(invites)));
    }
  });
  followInvites(client, kept);
  client.on(Events.GuildCreate, async (guild) => {
    kept.set(guild.id, countsOf(await guild.invites.fetch()));
  });
  client.on(Events.GuildMemberAdd, async (member) => {
    const now = await member.guild.invites.fetch().catch(() => null);
    if (now === null) return tell(member, FAILED);
    const before = kept.get(member.guild.id);
    kept.set(member.guild.id, countsOf(now));
    const used = now.find(({ code, uses }) => (uses ?? 0) > (before?.get(code) ?? Infinity));
    tell(member, used === undefined ? UNKNOWN : byInvite(used.code));
  });
}

function followInvites(client: Client, kept: Map<string, Counts>): void {
  client.on(Events.InviteCreate, ({ guild, code, uses }) => {
    kept.get(guild!.id)?.set(code, uses);
  });
  client.on(Events.InviteDelete, ({ guild, code }) => {
    kept.get(guild!.id)?.delete(code);
  });
  client.on(Events.GuildDelete, ({ id }) => {
    kept.delete(id);
  });
}
