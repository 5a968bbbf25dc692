import { type Html, html } from '../http/html.ts';

interface PageParts {
  basePath: string;
  title: string;
  section: 'payments' | 'mail' | null;
  body: Html;
  /** One column of reading width, for a page that asks one thing. */
  narrow?: boolean;
  /** Name of a script under `assets`. */
  script?: string;
}

/** The frame of every simulator page: ink on paper, one stylesheet, no inline code. */
export function page({ basePath, title, section, body, narrow, script }: PageParts): Html {
  const link = (href: string, words: string, current: boolean) =>
    html`<a href="${basePath}${href}"${current ? html` aria-current="page"` : null}>${words}</a>`;
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>${title} · Liventix simulators</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="${basePath}/assets/simulators.css">
${script ? html`<script src="${basePath}/assets/${script}" defer></script>` : null}
</head>
<body>
<header class="bill">
  <a class="wordmark" href="${basePath}/">liventix <span>simulators</span></a>
  <nav aria-label="Simulators">${link('/stripe', 'Payments', section === 'payments')}${link('/inbox', 'Mail', section === 'mail')}</nav>
</header>
<main${narrow ? html` class="narrow"` : null}>
<h1>${title}</h1>
${body}
</main>
</body>
</html>`;
}

export function notFoundPage(basePath: string): Html {
  const body = html`<p class="lead">The simulators have nothing here. <a href="${basePath}/">See what they have</a>.</p>`;
  return page({ basePath, title: 'Not on the bill', section: null, narrow: true, body });
}

const count = (many: number, noun: string) => `${many} ${noun}${many === 1 ? '' : 's'}`;

/** The front page: what is simulated and where. */
export function indexPage(basePath: string, counts: { payments: number; mails: number }): Html {
  const entry = (href: string, name: string, words: string, count: string) => html`<li>
    <a href="${basePath}${href}">${name}</a>
    <p>${words}</p>
    <p class="meta">${count}</p>
  </li>`;
  const body = html`<p class="lead">Stand-ins that speak the real wire. No money moves and no mail leaves this machine.</p>
    <ul class="doors">
      ${entry('/stripe', 'Payments', 'Watch intents, charges, refunds and webhooks, and make them go wrong.', count(counts.payments, 'payment intent'))}
      ${entry('/inbox', 'Mail', 'Every mail the shop sent, to anyone.', count(counts.mails, 'mail'))}
    </ul>`;
  return page({ basePath, title: 'Simulators', section: null, narrow: true, body });
}
