import path from 'node:path';
import { UPLOAD_BYTES_MAX } from '@liventix/contracts/uploads';
import { fail } from '../../platform/errors.ts';
import { defineRoute, type HttpRoute } from '../../platform/http-routes.ts';
import { posterSpecOf } from '../events/events.rules.ts';
import { readPoster } from '../events/read-poster.ts';
import { posterCacheOf, sendPicture } from '../events/send-poster.ts';
import { keepPhoto, mediaPath } from './keep-photo.ts';
import { isMediaKept } from './media-file.ts';

const SHOTS_MAX = 9;

export const mediaRoutes: readonly HttpRoute[] = [
  defineRoute({
    method: 'post',
    path: '/uploads/photos',
    body: 'raw',
    limitBytes: UPLOAD_BYTES_MAX,
    who: 'account',
    limit: { name: 'media.upload', points: 40, perSeconds: 600 },
    async handle(ctx, request, response) {
      if (!ctx.actor || ctx.actor.isAnonymous) fail('SIGN_IN_REQUIRED');
      const photo = await keepPhoto(ctx, ctx.actor.userId, request.body as Buffer);
      response.setHeader('cache-control', 'no-store');
      response.status(201).json(photo);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/media/motif/:eventId/:shot(\\d).webp',
    async handle(ctx, request, response) {
      const { eventId = '', shot = '' } = request.params;
      const facts = await readPoster(ctx, eventId);
      const number = Number(shot);
      if (number < 1 || number > SHOTS_MAX) fail('NOT_FOUND');
      const picture = posterCacheOf(ctx).motifImage({
        spec: posterSpecOf(facts),
        title: facts.title,
        shape: request.query.shape === 'square' ? 'square' : 'landscape',
        shot: number,
        width: 1080,
        format: 'webp',
      });
      const cacheControl = facts.open ? 'public, max-age=3600' : 'private, no-cache';
      await sendPicture(ctx, request, response, picture, cacheControl);
    },
  }),
  defineRoute({
    method: 'get',
    path: '/media/:name',
    async handle(ctx, request, response) {
      const file = mediaPath(ctx.services, request.params.name ?? '');
      if (!file || !(await isMediaKept(file))) fail('NOT_FOUND');
      // The type is ours and fixed; whatever the bytes are, nothing in them may run.
      response.setHeader('content-security-policy', "default-src 'none'; sandbox");
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('content-disposition', 'inline');
      response.setHeader('cache-control', 'public, max-age=31536000, immutable');
      response.type('image/webp');
      // From the disk as it is read: who asks and does not read costs no memory.
      response.sendFile(path.basename(file), { root: path.dirname(file), cacheControl: false, etag: false });
    },
  }),
];
