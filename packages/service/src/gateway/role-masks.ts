import { PERMISSION, type RoleId, type RoleReading } from 'wherefrom';

const RELEVANT =
  PERMISSION.administrator |
  PERMISSION.manageChannels |
  PERMISSION.manageGuild |
  PERMISSION.viewAuditLog |
  PERMISSION.viewChannel |
  PERMISSION.sendMessages |
  PERMISSION.readMessageHistory;

/**
 * What the roles of a guild allow, as far as we ask: seven bits each, and roles without any of them
 * left out. Every role is kept and not only ours, because the bot may be given any of them.
 */
export class RoleMasks {
  readonly #masks = new Map<RoleId, number>();

  constructor(roles: readonly RoleReading[]) {
    for (const role of roles) this.set(role);
  }

  static restored(masks: readonly (readonly [RoleId, number])[]): RoleMasks {
    const roles = new RoleMasks([]);
    for (const [roleId, mask] of masks) roles.#masks.set(roleId, mask);
    return roles;
  }

  /** Plain pairs, for storing. */
  entries(): readonly (readonly [RoleId, number])[] {
    return [...this.#masks];
  }

  set(role: RoleReading): void {
    const mask = Number(role.permissions & RELEVANT);
    if (mask === 0) this.#masks.delete(role.id);
    else this.#masks.set(role.id, mask);
  }

  delete(roleId: RoleId): void {
    this.#masks.delete(roleId);
  }

  permissionsOf(roleId: RoleId): bigint {
    return BigInt(this.#masks.get(roleId) ?? 0);
  }
}
