import { defineRoute, type HttpRoute } from '../../platform/http-routes.ts';
import { sendDraw } from './send-draw.ts';

export const waitingRoomRoutes: readonly HttpRoute[] = [
  defineRoute({
    method: 'get',
    path: '/waiting-rooms/:roomId/draw.txt',
    limit: { name: 'waiting-room.draw', points: 120, perSeconds: 60, by: 'address' },
    handle: sendDraw,
  }),
];
