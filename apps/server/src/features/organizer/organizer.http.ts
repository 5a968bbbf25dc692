import { UPLOAD_BYTES_MAX } from '@liventix/contracts/uploads';
import { fail } from '../../platform/errors.ts';
import { defineRoute, type HttpRoute } from '../../platform/http-routes.ts';
import { uploadCover } from './change-poster.ts';
import { exportAttendees } from './export-attendees.ts';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const eventIdOf = (text: string | undefined): string => (text && UUID.test(text) ? text : fail('NOT_FOUND'));

export const organizerRoutes: readonly HttpRoute[] = [
  defineRoute({
    method: 'get',
    path: '/organizer/:eventId/attendees.csv',
    limit: { name: 'organizer.export', points: 12, perSeconds: 60 },
    handle: (ctx, request, response) => exportAttendees(ctx, eventIdOf(request.params.eventId), response),
  }),
  defineRoute({
    method: 'post',
    path: '/organizer/:eventId/cover',
    body: 'raw',
    limitBytes: UPLOAD_BYTES_MAX,
    who: 'account',
    limit: { name: 'organizer.cover', points: 20, perSeconds: 60 },
    async handle(ctx, request, response) {
      const eventId = eventIdOf(request.params.eventId);
      const { coverImageUrl, posterVersion, palette } = await uploadCover(ctx, eventId, request.body as Buffer);
      response.json({ coverImageUrl, posterVersion, palette });
    },
  }),
];
