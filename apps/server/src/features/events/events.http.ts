import { defineRoute, type HttpRoute } from '../../platform/http-routes.ts';
import { listSitemap } from './events.sql.ts';
import { sendCalendar } from './send-calendar.ts';
import { sendPoster, sendShareImage } from './send-poster.ts';
import { stopTelling } from './tell-person.ts';

const escapeXml = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

export const eventsRoutes: readonly HttpRoute[] = [
  // The one door that ends an alert, for the button of the page of this address and for a mail program's own POST, which
  // follows no redirect (RFC 8058). Opening the address changes nothing: mailboxes open links to look at them.
  defineRoute({
    method: 'post',
    path: '/alerts/:alertId/stop',
    body: 'raw',
    limitBytes: 4096,
    limit: { name: 'events.stop-alert', points: 60, perSeconds: 60, by: 'address' },
    async handle(ctx, request, response) {
      const { alertId = '' } = request.params;
      const slug = UUID.test(alertId) ? await stopTelling(ctx, alertId) : null;
      if (String(request.body).includes('List-Unsubscribe'))
        response.type('text/plain').send('We’ll write no more about this event.\n');
      else response.redirect(303, slug ? `/e/${slug}?alert=stopped` : '/');
    },
  }),
  defineRoute({ method: 'get', path: '/posters/:eventId.:format(webp|png)', handle: sendPoster }),
  defineRoute({ method: 'get', path: '/posters/:eventId/share.png', handle: sendShareImage }),
  defineRoute({
    method: 'get',
    path: '/events/:slug/calendar.ics',
    limit: { name: 'events.calendar', points: 300, perSeconds: 60, by: 'address' },
    handle: sendCalendar,
  }),
  defineRoute({
    method: 'get',
    path: '/sitemap.xml',
    limit: { name: 'events.sitemap', points: 30, perSeconds: 60, by: 'address' },
    async handle(ctx, _request, response) {
      const rows = await ctx.readPublic((_tx, sql) => listSitemap(sql));
      const urls = [
        { loc: `${ctx.origin}/`, at: null },
        ...rows.map(({ kind, slug, at }) => ({ loc: `${ctx.origin}/${kind === 'event' ? 'e' : 'h'}/${slug}`, at })),
      ];
      const body = urls.map(
        ({ loc, at }) => `<url><loc>${escapeXml(loc)}</loc>${at ? `<lastmod>${at.toISOString()}</lastmod>` : ''}</url>`,
      );
      response.setHeader('cache-control', 'public, max-age=600');
      response
        .type('application/xml')
        .send(
          `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${body.join('\n')}\n</urlset>\n`,
        );
    },
  }),
  defineRoute({
    method: 'get',
    path: '/robots.txt',
    async handle(ctx, _request, response) {
      const shut = [
        '/checkout/',
        '/orders',
        '/tickets',
        '/organizer',
        '/settings',
        '/saved',
        '/find-order',
        '/l/',
        '/alerts/',
        '/trpc',
        '/auth',
      ];
      response.setHeader('cache-control', 'public, max-age=3600');
      response
        .type('text/plain')
        .send(
          ['User-agent: *', ...shut.map((path) => `Disallow: ${path}`), `Sitemap: ${ctx.origin}/sitemap.xml`, ''].join(
            '\n',
          ),
        );
    },
  }),
];
