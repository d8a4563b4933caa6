import { applicationRoutes } from './application-routes.ts';
import { channelRoutes } from './channel-routes.ts';
import { guildRoutes } from './guild-routes.ts';
import { inviteRoutes } from './invite-routes.ts';
import type { Route } from './route.ts';
import { searchRoutes } from './search-routes.ts';

/** Every endpoint. To add one, add it to the file of its resource. */
export const ROUTES: readonly Route[] = [
  ...applicationRoutes,
  ...guildRoutes,
  ...searchRoutes,
  ...inviteRoutes,
  ...channelRoutes,
];
