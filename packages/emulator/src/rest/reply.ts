/** An answer before it becomes bytes. */
export type Reply = {
  readonly status: number;
  /** JSON, or text when `contentType` says so; undefined sends no body. */
  readonly body?: unknown;
  readonly contentType?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Discord's JSON error codes that the emulator uses. */
const ERRORS = {
  unknownChannel: [404, 10003, 'Unknown Channel'],
  unknownGuild: [404, 10004, 'Unknown Guild'],
  unknownInvite: [404, 10006, 'Unknown Invite'],
  unknownMember: [404, 10007, 'Unknown Member'],
  unknownMessage: [404, 10008, 'Unknown Message'],
  noTargetUsersJob: [404, 10124, 'Target users job not found'],
  noTargetUsers: [404, 10129, 'Invite has no target users'],
  tooManyInvites: [400, 30016, 'Maximum number of invites reached (1000)'],
  missingAccess: [403, 50001, 'Missing Access'],
  missingPermissions: [403, 50013, 'Missing Permissions'],
  notTheAuthor: [403, 50005, 'Cannot edit a message authored by another user'],
  emptyMessage: [400, 50006, 'Cannot send an empty message'],
  invalidForm: [400, 50035, 'Invalid Form Body'],
} as const satisfies Record<string, readonly [status: number, code: number, message: string]>;

/** The name of an error. */
export type ErrorName = keyof typeof ERRORS;

/** 200 with a body. */
export function ok(body: unknown): Reply {
  return { status: 200, body };
}

/** 204. */
export const NO_CONTENT: Reply = { status: 204 };

/** One of Discord's errors; `errors` names the offending fields of a form. */
export function fail(name: ErrorName, errors?: unknown): Reply {
  const [status, code, message] = ERRORS[name];
  return { status, body: { message, code, ...(errors === undefined ? {} : { errors }) } };
}

/** A form error in Discord's shape: one message per dotted path. */
export function formError(problems: Readonly<Record<string, string>>): Reply {
  const errors: Record<string, unknown> = {};
  for (const [path, message] of Object.entries(problems)) {
    let place = errors;
    for (const step of path.split('.')) {
      place[step] ??= {};
      place = place[step] as Record<string, unknown>;
    }
    place._errors = [{ code: 'BASE_TYPE_BAD', message }];
  }
  return fail('invalidForm', errors);
}
