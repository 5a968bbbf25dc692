import { type Html, html } from '../http/html.ts';
import { page } from '../pages/page.ts';
import type { InboxMessage } from './inbox.types.ts';

const clock = (moment: Date) =>
  html`<time datetime="${moment.toISOString()}">${moment.toISOString().slice(0, 16).replace('T', ' ')}</time>`;

/** All mails, newest first, with a search by address that works without JavaScript. */
export function listPage(basePath: string, messages: InboxMessage[], search: string): Html {
  const nothing = search
    ? html`<p class="lead">No mail to “${search}”. <a href="${basePath}/inbox">See all mail</a></p>`
    : html`<p class="lead">No mail yet. What the shop sends arrives here.</p>`;
  const rows = messages.map(
    (message) => html`<li><a href="${basePath}/inbox/${message.id}">
      <strong>${message.subject || '(no subject)'}</strong>
      <span>${message.to.join(', ')}</span>
      <span class="meta">${clock(message.receivedAt)}${message.attachments.length > 0 ? `, ${message.attachments.length} attached` : ''}</span>
    </a></li>`,
  );
  const body = html`<form role="search" class="fields" action="${basePath}/inbox">
      <label>Sent to<input type="search" name="to" value="${search}" autocomplete="off"></label><button>Search</button>
    </form>
    <div data-live="mails">${messages.length > 0 ? html`<ul class="mails">${rows}</ul>` : nothing}</div>`;
  return page({ basePath, title: 'Mail', section: 'mail', script: 'read-mail.js', body });
}

/**
 * One mail. Its HTML runs no script (sandbox without allow-scripts), keeps its own styles, and opens links in a new tab;
 * same origin is allowed only so that the page can measure its height.
 */
export function messagePage(basePath: string, message: InboxMessage, tab: 'html' | 'text'): Html {
  const view = message.html === null ? 'text' : tab;
  const address = `${basePath}/inbox/${message.id}`;
  const tabLink = (href: string, words: string, current: boolean) =>
    html`<a href="${href}"${current ? html` aria-current="page"` : null}>${words}</a>`;
  const frame = html`<iframe class="mail" title="${message.subject}"
    sandbox="allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    srcdoc="${`<base target="_blank">${message.html ?? ''}`}"></iframe>`;
  const body = html`<p><a href="${basePath}/inbox">All mail</a></p>
    <dl class="facts">
      <div><dt>From</dt><dd>${message.from}</dd></div>
      <div><dt>To</dt><dd>${message.to.join(', ')}</dd></div>
      <div><dt>Received</dt><dd>${clock(message.receivedAt)}</dd></div>
    </dl>
    ${
      message.attachments.length > 0 &&
      html`<ul class="files" aria-label="Attachments">${message.attachments.map(
        (file, index) => html`<li><a href="${address}/attachments/${index}" download>${file.filename}</a>
        <span class="meta">${Math.ceil(file.size / 1024)} kB</span></li>`,
      )}</ul>`
    }
    <nav class="tabs" aria-label="View">${message.html !== null && tabLink(address, 'Mail', view === 'html')}${tabLink(`${address}/text`, 'Text', view === 'text')}</nav>
    ${view === 'html' ? frame : html`<pre class="mail">${message.text}</pre>`}`;
  return page({ basePath, title: message.subject || '(no subject)', section: 'mail', script: 'read-mail.js', body });
}
