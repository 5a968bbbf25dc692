/** The one look of our mails: ink on paper, words first, one violet button. Inline styles, because mail. */
import { placeLine, writeZone } from '@liventix/contracts/places';
import { Body, Button, Container, Head, Html, Img, Link, Preview, Section, Text } from '@react-email/components';
import type { CSSProperties, ReactNode } from 'react';
import { writeSequence } from '../write-sequence.ts';
import { writeWhen } from '../write-when.ts';

const colors = {
  paper: '#FAF9F6',
  line: '#DDD8CC',
  text: '#0B0B12',
  text2: '#55525C',
  text3: '#6A6671',
  you: '#6C4CF1',
  youInk: '#4A2CC4',
  live: '#FF4D3D',
};
const display = "'Bricolage Grotesque', 'Arial Narrow', 'Helvetica Neue', Helvetica, Arial, sans-serif";
const body = "Inter, -apple-system, 'Segoe UI', Roboto, Helvetica, Arial, sans-serif";
const mono = "'JetBrains Mono', ui-monospace, Menlo, Consolas, monospace";

const text: CSSProperties = {
  fontFamily: body,
  fontSize: 16,
  lineHeight: '24px',
  color: colors.text,
  margin: '0 0 16px',
};

export interface MailEvent {
  title: string;
  /** The event's page. */
  url: string;
  startsAt: Date;
  timeZone: string;
  venue: string;
  city: string;
  hostName: string;
  /** Absolute address of the poster as PNG, 540 wide; null leaves it out. */
  posterUrl: string | null;
}

/** Frame of every mail. `why` ends it: one sentence on why this person got it. */
export function Layout({
  preview,
  title,
  why,
  children,
}: {
  preview: string;
  title: string;
  why: string;
  children: ReactNode;
}) {
  return (
    <Html lang="en">
      <Head>
        <meta name="color-scheme" content="light" />
        <title>{title}</title>
      </Head>
      <Body style={{ backgroundColor: colors.paper, margin: 0, padding: 0 }}>
        <Preview>{preview}</Preview>
        <Container style={{ maxWidth: 560, margin: '0 auto', padding: '32px 20px 48px' }}>
          <Text
            style={{
              ...text,
              fontFamily: display,
              fontWeight: 800,
              fontSize: 20,
              letterSpacing: '-0.01em',
              margin: '0 0 36px',
            }}
          >
            Liventix<span style={{ color: colors.live }}>•</span>
          </Text>
          <Text
            role="heading"
            aria-level={1}
            dir="auto"
            style={{
              ...text,
              fontFamily: display,
              fontWeight: 800,
              fontSize: 34,
              lineHeight: '37px',
              letterSpacing: '-0.015em',
              margin: '0 0 20px',
            }}
          >
            {title}
          </Text>
          {children}
          <Text
            style={{
              ...text,
              fontSize: 13,
              lineHeight: '18px',
              color: colors.text3,
              borderTop: `1px solid ${colors.line}`,
              margin: '40px 0 0',
              padding: '16px 0 0',
            }}
          >
            {why}
          </Text>
        </Container>
      </Body>
    </Html>
  );
}

export function Words({ children }: { children: ReactNode }) {
  return <Text style={text}>{children}</Text>;
}

export function Small({ children }: { children: ReactNode }) {
  return <Text style={{ ...text, fontSize: 14, lineHeight: '20px', color: colors.text2 }}>{children}</Text>;
}

export function Action({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Section style={{ margin: '8px 0 24px' }}>
      <Button
        href={href}
        style={{
          fontFamily: body,
          fontSize: 16,
          fontWeight: 600,
          lineHeight: '24px',
          color: '#FFFFFF',
          backgroundColor: colors.you,
          borderRadius: 10,
          padding: '14px 24px',
        }}
      >
        {children}
      </Button>
    </Section>
  );
}

export function Anchor({ href, children }: { href: string; children: ReactNode }) {
  return (
    <Link href={href} style={{ color: colors.youInk, textDecoration: 'underline' }}>
      {children}
    </Link>
  );
}

/** A code to type: large, mono, easy to copy whole. */
export function Code({ children }: { children: ReactNode }) {
  return (
    <Text
      style={{
        ...text,
        fontFamily: mono,
        fontSize: 34,
        lineHeight: '44px',
        fontWeight: 600,
        letterSpacing: '0.12em',
        borderTop: `2px solid ${colors.text}`,
        borderBottom: `1px solid ${colors.line}`,
        padding: '14px 0',
        margin: '8px 0 24px',
      }}
    >
      {children}
    </Text>
  );
}

/** Name and value in one row; `strong` for totals. */
export function Rows({
  rows,
}: {
  rows: ReadonlyArray<{ name: string; detail?: string | null; value: string; strong?: boolean }>;
}) {
  return (
    <Section style={{ borderTop: `2px solid ${colors.text}`, margin: '8px 0 24px' }}>
      <table
        className="rows"
        role="presentation"
        width="100%"
        cellPadding={0}
        cellSpacing={0}
        style={{ borderCollapse: 'collapse' }}
      >
        <tbody>
          {rows.map((row, index) => {
            const cell: CSSProperties = {
              fontFamily: body,
              fontSize: 15,
              lineHeight: '22px',
              fontWeight: row.strong ? 700 : 400,
              color: colors.text,
              padding: '9px 0',
              borderBottom: `1px solid ${colors.line}`,
              verticalAlign: 'top',
            };
            return (
              <tr key={index}>
                <td dir="auto" style={cell}>
                  {row.name}
                  {row.detail ? <span style={{ color: colors.text2, fontWeight: 400 }}> ({row.detail})</span> : null}
                </td>
                <td align="right" style={{ ...cell, whiteSpace: 'nowrap', paddingLeft: 16 }}>
                  {row.value}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Section>
  );
}

/** Poster, title, time and place of the event that a mail is about. */
export function EventLines({ event, startsAt = event.startsAt }: { event: MailEvent; startsAt?: Date | null }) {
  const place = placeLine({ venue: event.venue, city: event.city });
  return (
    <Section style={{ margin: '0 0 24px' }}>
      <table role="presentation" width="100%" cellPadding={0} cellSpacing={0}>
        <tbody>
          <tr>
            {event.posterUrl ? (
              <td width={104} style={{ verticalAlign: 'top' }}>
                <Link href={event.url} data-skip-in-text="true">
                  <Img
                    src={event.posterUrl}
                    alt={`Poster of ${event.title}`}
                    width={88}
                    height={110}
                    style={{ display: 'block', borderRadius: 2 }}
                  />
                </Link>
              </td>
            ) : null}
            <td style={{ verticalAlign: 'top' }}>
              <Text
                dir="auto"
                style={{
                  ...text,
                  fontFamily: display,
                  fontWeight: 700,
                  fontSize: 20,
                  lineHeight: '24px',
                  margin: '0 0 6px',
                }}
              >
                {event.title}
              </Text>
              <Text style={{ ...text, fontSize: 15, lineHeight: '22px', margin: 0 }}>
                {startsAt
                  ? `${writeWhen(startsAt, event.timeZone)} (${writeZone(event.timeZone)})`
                  : 'New date to come'}
                <br />
                <bdi>{place}</bdi>
              </Text>
            </td>
          </tr>
        </tbody>
      </table>
    </Section>
  );
}

export interface MailTicket {
  tierName: string;
  holderName: string | null;
  sequenceNumber: number;
}

/** Which tickets a mail is about. Never their signed codes: mail is forwarded. */
export function TicketRows({ tickets }: { tickets: readonly MailTicket[] }) {
  return (
    <Rows
      rows={tickets.map((ticket) => ({
        name: ticket.tierName,
        detail: ticket.holderName,
        value: writeSequence(ticket.sequenceNumber),
      }))}
    />
  );
}
