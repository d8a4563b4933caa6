import type { ChannelId, Clock } from 'wherefrom';
import type { Messages, Names } from '../ports.ts';
import type { OutboxStore } from './outbox-store.ts';

export interface SenderPorts {
  readonly clock: Clock;
  readonly store: OutboxStore;
  readonly messages: Messages;
  readonly names: Names;
  readonly report: (report: OutboxReport) => void;
}

/** What an operator should hear of. */
export type OutboxReport =
  | { readonly kind: 'store-failed'; readonly cause: unknown }
  /** The log channel is gone or shut; the lines that waited for it were given up. */
  | {
      readonly kind: 'channel-refused';
      readonly channelId: ChannelId;
      readonly reason: string;
      readonly linesDropped: number;
    }
  | { readonly kind: 'message-dropped'; readonly channelId: ChannelId; readonly reason: string };
