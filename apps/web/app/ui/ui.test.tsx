import { MantineProvider } from '@mantine/core';
import type { ReactNode } from 'react';
import { renderToString } from 'react-dom/server';
import { I18nextProvider } from 'react-i18next';
import { describe, expect, it } from 'vitest';
import { i18nFor } from '~/platform/i18n/words.ts';
import { Button } from './button/button.tsx';
import { TextField } from './field/field.tsx';
import { Funnel } from './funnel/funnel.tsx';
import { LiveNumber } from './live-number/live-number.tsx';
import { PlacesStrip } from './places-strip/places-strip.tsx';
import { Poster } from './poster/poster.tsx';
import { StatusLine } from './status-line/status-line.tsx';
import { Stepper } from './stepper/stepper.tsx';
import { Stub } from './stub/stub.tsx';
import { theme } from './theme.ts';

const render = (part: ReactNode) =>
  renderToString(
    <I18nextProvider i18n={i18nFor('en')}>
      <MantineProvider theme={theme} env="test">
        {part}
      </MantineProvider>
    </I18nextProvider>,
  );

/** What a screen reader finds: without styles, comments and everything hidden from it. */
const spoken = (html: string) =>
  html
    .replace(/<style.*?<\/style>/gs, '')
    .replace(/<!--.*?-->/g, '')
    .replace(/<(\w+)[^>]*aria-hidden="true"[^>]*>(?:(?!<\1).)*?<\/\1>/gs, '')
    .replace(/<[^>]+>/g, ' ')
    .replace(/\s+/g, ' ')
    .trim();

describe('the interface before JavaScript', () => {
  it('says a live number once, as a whole', () => {
    const html = render(<LiveNumber value={1284} />);
    expect(html).toContain('class="vh">1,284<');
    expect(html).not.toContain('role="status"');
  });

  it('has a polite voice for places, silent at first', () => {
    expect(render(<LiveNumber value={7} announce="places" />)).toMatch(
      /role="status"[^>]*aria-live="polite"[^>]*><\/span>/,
    );
  });

  it('says in words what the strip shows in cells', () => {
    const html = render(<PlacesStrip quantity={600} free={38} inCheckout={10} yours={2} />);
    expect(html).toContain('aria-label="552 sold, 2 yours, 8 in checkout, 38 free, One cell is 10 places."');
  });

  it('keeps the room of a poster and offers three files', () => {
    const html = render(<Poster eventId="e1" title="Moth Season" palette="moss" version={3} />);
    expect(html).toContain('width="1080" height="1350"');
    expect(html).toContain('/posters/e1.webp?w=270&amp;v=3 270w');
    expect(html).toContain('alt="Poster for Moth Season"');
    expect(render(<Poster eventId="e1" title="Moth Season" decorative />)).toContain('alt=""');
  });

  it('says the state of an event in one line', () => {
    expect(spoken(render(<StatusLine status={{ kind: 'all_in_checkout' }} />))).toBe('All in checkout');
    expect(spoken(render(<StatusLine status={{ kind: 'on_sale', when: 'Fri 10:00' }} />))).toBe('On sale Fri 10:00');
    expect(render(<StatusLine status={{ kind: 'left', count: 7 }} />)).toContain('class="vh">7<');
  });

  it('counts tickets in a field that a form can send', () => {
    const html = render(<Stepper value={2} max={6} label="Floor" name="quantity" onChange={() => {}} />);
    expect(html).toMatch(/<input[^>]*type="number"[^>]*name="quantity"[^>]*value="2"/);
    expect(html).toContain('aria-label="One more: Floor"');
  });

  it('shows no code on a ticket that is not given one, and why a dead one is dead', () => {
    const event = { id: 'e1', title: 'Moth Season', palette: 'moss', when: 'Sun 6 Dec, 20:00' } as const;
    const dead = render(<Stub event={event} tier="Pew" sequence={42} state="refunded" reason="Refunded on 3 Dec" />);
    expect(dead).toContain('Refunded on 3 Dec');
    expect(dead).toContain('No. 0042');
    expect(dead).not.toContain('Ticket code');
    expect(render(<Stub event={event} tier="Pew" sequence={42} code="LV1.x" />)).toContain('aria-label="Ticket code"');
  });

  it('lets a busy button say so and keeps its place in the tab order', () => {
    const html = render(
      <Button tone="primary" busy busyWords="Reserving…">
        Get 2 tickets
      </Button>,
    );
    expect(html).toContain('aria-busy="true"');
    expect(html).toContain('Reserving…');
    expect(html).not.toContain('Get 2 tickets');
    expect(html).not.toMatch(/<button[^>]* disabled/);
  });

  it('ties an error to its field', () => {
    const html = render(<TextField id="mail" label="Email" error={['That address has no @.', 'second']} />);
    expect(html).toMatch(/<input[^>]*aria-invalid="true"/);
    expect(html).toMatch(/aria-describedby="mail-error/);
    expect(html).not.toContain('second');
  });

  it('tells the share that goes on, never more than all', () => {
    const html = spoken(render(<Funnel viewing={38} holding={12} paying={5} paid={40} />));
    expect(html).toContain('32% go on');
    expect(html).not.toContain('800%');
  });
});
