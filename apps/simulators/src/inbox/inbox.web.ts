import type { IncomingMessage, ServerResponse } from 'node:http';
import { answerJson, answerPage, answerText } from '../http/answer.ts';
import type { LiveStream } from '../http/live-stream.ts';
import { notFoundPage } from '../pages/page.ts';
import type { InboxMessage } from './inbox.types.ts';
import { listPage, messagePage } from './inbox-pages.ts';
import type { Mailbox } from './mailbox.ts';

export interface InboxWeb {
  mailbox: Mailbox;
  live: LiveStream;
  basePath: string;
}

/** Everything under `<base>/inbox`: list, one mail, its attachments, JSON, live updates. Reads only. */
export async function serveInboxWeb(
  web: InboxWeb,
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
): Promise<void> {
  const path = url.pathname.slice(`${web.basePath}/inbox`.length);
  const search = url.searchParams.get('to')?.trim() ?? '';
  if (request.method !== 'GET') return answerText(response, 405, 'The inbox is only read.');
  if (path === '' || path === '/')
    return answerPage(response, listPage(web.basePath, find(web.mailbox, search), search));
  if (path === '/live') return web.live.add(response);
  if (path === '/messages.json') {
    const found = find(web.mailbox, search);
    return answerJson(
      response,
      200,
      found.map((message) => toJson(web.basePath, message)),
    );
  }
  const match = /^\/(\d+)(?:\/(text|attachments\/(\d+)))?$/.exec(path);
  const message = match ? web.mailbox.find(Number(match[1])) : undefined;
  if (!match || !message) return answerPage(response, notFoundPage(web.basePath), { status: 404 });
  if (match[3] !== undefined) return answerAttachment(web, response, message, Number(match[3]));
  answerPage(response, messagePage(web.basePath, message, match[2] === 'text' ? 'text' : 'html'), { mailStyles: true });
}

/** By a part of an address, so that "ines" finds her. */
function find(mailbox: Mailbox, search: string): InboxMessage[] {
  const wanted = search.toLowerCase();
  return mailbox.list().filter((message) => !wanted || message.to.some((address) => address.includes(wanted)));
}

function toJson(basePath: string, message: InboxMessage) {
  const attachments = message.attachments.map(({ filename, contentType, size }, index) => ({
    filename,
    contentType,
    size,
    url: `${basePath}/inbox/${message.id}/attachments/${index}`,
  }));
  return { ...message, attachments, url: `${basePath}/inbox/${message.id}` };
}

/** Always a download: a mail's file never runs under this origin. */
function answerAttachment(web: InboxWeb, response: ServerResponse, message: InboxMessage, index: number): void {
  const attachment = message.attachments[index];
  if (!attachment) {
    answerPage(response, notFoundPage(web.basePath), { status: 404 });
    return;
  }
  response.writeHead(200, {
    'content-type': attachment.contentType.replace(/[^\w/+.-]/g, ''),
    'content-length': attachment.content.length,
    'content-disposition': `attachment; filename*=UTF-8''${encodeURIComponent(attachment.filename)}`,
    'x-content-type-options': 'nosniff',
    'content-security-policy': 'sandbox',
    'cache-control': 'no-store',
  });
  response.end(attachment.content);
}
