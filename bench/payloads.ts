/** Payloads as Discord sends them, with made-up people: the raw material of several benchmarks. */

export function snowflake(n: number): string {
  return String(1_100_000_000_000_000_000n + BigInt(n) * 4_194_304n);
}

export function userPayload(n: number): Record<string, unknown> {
  return {
    id: snowflake(n),
    username: `member.${n}`,
    global_name: `Member number ${n}`,
    avatar: '0123456789abcdef0123456789abcdef',
    discriminator: '0',
    public_flags: 0,
    flags: 0,
    banner: null,
    accent_color: null,
    avatar_decoration_data: null,
    collectibles: null,
    clan: null,
    primary_guild: null,
  };
}

export function joinPayload(guildId: string, n: number, joinedAt: number): Record<string, unknown> {
  return {
    guild_id: guildId,
    user: userPayload(n),
    nick: null,
    avatar: null,
    banner: null,
    roles: [],
    joined_at: new Date(joinedAt).toISOString(),
    premium_since: null,
    deaf: false,
    mute: false,
    flags: 0,
    pending: false,
    communication_disabled_until: null,
    unusual_dm_activity_until: null,
  };
}

export function invitePayload(
  guildId: string,
  code: string,
  n: number,
  uses: number,
): Record<string, unknown> {
  return {
    type: 0,
    code,
    inviter: userPayload(n % 40),
    max_age: 0,
    created_at: '2026-01-02T03:04:05.678000+00:00',
    expires_at: null,
    guild: {
      id: guildId,
      name: 'A guild with a name',
      splash: null,
      banner: null,
      description: null,
      icon: 'fedcba9876543210fedcba9876543210',
      features: ['COMMUNITY', 'NEWS', 'INVITE_SPLASH', 'WELCOME_SCREEN_ENABLED'],
      verification_level: 2,
      vanity_url_code: null,
      nsfw_level: 0,
      nsfw: false,
      premium_subscription_count: 3,
      premium_tier: 1,
    },
    guild_id: guildId,
    channel: { id: snowflake(900_000 + (n % 8)), type: 0, name: 'welcome' },
    uses,
    max_uses: 0,
    temporary: false,
    flags: 0,
  };
}

export const codeOf = (n: number): string => `Code${String(n).padStart(6, '0')}`;
