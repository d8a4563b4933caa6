import { ServiceError } from '../service-error.ts';

/**
 * The error behind a close code after which the gateway library gives up, or null for all others:
 * those it mends itself.
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
 */
export function errorOfClose(code: number): ServiceError | null {
  switch (code) {
    case 4004:
      return new ServiceError('token-refused', 'The gateway closed the connection with 4004.');
    case 4013:
    case 4014:
      return new ServiceError(
        'intent-missing',
        `The gateway closed the connection with ${code}: the Server Members Intent is not allowed.`,
      );
    case 4010:
    case 4011:
    case 4012:
      // The shard count is asked for anew before the next try.
      return new ServiceError('api-unreachable', `The gateway closed the connection with ${code}.`);
    default:
      return null;
  }
}
