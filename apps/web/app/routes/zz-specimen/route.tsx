import { useEffect, useState } from 'react';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import { Button } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { EventDate } from '~/ui/event-date/event-date.tsx';
import { CheckField, ChoiceField, PasswordField, SelectField, SwitchField, TextArea, TextField } from '~/ui/field/field.tsx';
import { Figure, Figures } from '~/ui/figure/figure.tsx';
import { Funnel } from '~/ui/funnel/funnel.tsx';
import { HoldRing } from '~/ui/hold-ring/hold-ring.tsx';
import { Ledger } from '~/ui/ledger/ledger.tsx';
import { LiveDot } from '~/ui/live-dot/live-dot.tsx';
import { LiveNumber } from '~/ui/live-number/live-number.tsx';
import { Money } from '~/ui/money/money.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Band, Col, Grid, Page, Panel, Section } from '~/ui/page/page.tsx';
import { PlacesStrip } from '~/ui/places-strip/places-strip.tsx';
import { PosterCard, PosterRow, PosterWall } from '~/ui/poster/poster-wall.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { SalesCurve } from '~/ui/sales-curve/sales-curve.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { Skeleton } from '~/ui/skeleton/skeleton.tsx';
import { Stepper } from '~/ui/stepper/stepper.tsx';
import { Stub } from '~/ui/stub/stub.tsx';
import { TabLinks, Tabs } from '~/ui/tabs/tabs.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import { formatMoney } from '~/platform/format.ts';

const E = [
  ['low', 'Low Tide Radio', 'tide', 'Fri 4 Dec, 19:30', 'Lisbon, Armazém 9', 'from €14', { kind: 'left', count: 32 }],
  ['kitchen', 'Kitchen Disco for Families', 'ember', 'Sat 5 Dec, 11:00', 'Berlin, Kiezhalle', 'from €8', null],
  ['moth', 'Moth Season', 'moss', 'Sun 6 Dec, 20:00', 'Leeds, Mill Chapel', '£16', { kind: 'fast' }],
  ['paper', 'Paper Tigers Live', 'rose', 'Thu 10 Dec, 20:00', 'Berlin, Halle Sieben', '€27', { kind: 'sold_out' }],
  ['quiet', 'The Quiet Hour', 'fog', 'Tue 8 Dec, 18:00', 'London, St Osyth’s', '£20', { kind: 'all_in_checkout' }],
  ['night', 'Night Market of Small Things', 'midnight', 'Sat 12 Dec, 17:00', 'Berlin, Gleis 3', '', { kind: 'free' }],
  ['kassel', 'Kassel Drift: all night', 'acid', 'Sat 12 Dec, 22:00', 'Berlin, Kraftraum Ost', 'from €16', { kind: 'on_sale', when: 'Fri 10:00' }],
  ['velvet', 'Velvet Static', 'plum', 'Fri 18 Dec, 20:00', 'Berlin, Saal Amrum', 'from €21', { kind: 'left', count: 7 }],
] as const;
const now = 1796000000000;
import { useCountdown, usePresence, useRoom, useServerClock } from '~/platform/live/index.ts';
import { StaleLine } from '~/ui/stale-line/stale-line.tsx';
const RID = '01a20376-4b47-7150-bfbb-1d5470417ff9';
const INITIAL = { version: 5, data: { status: 'published' as const, paused: false, tiers: [{ id: 't', state: 'on_sale' as const, free: 50 }] } };
function LiveProbe() { const r = useRoom('event', RID, INITIAL); const p = usePresence('event', RID); const clock = useServerClock(); const c = useCountdown(1_900_000_000_000); const [, x] = useState(0); useEffect(() => { const t = setInterval(() => x((n) => n + 1), 300); return () => clearInterval(t); }, []);
  return <div id="probe" data-v={r.version} data-free={r.data.tiers[0]?.free} data-stale={String(r.stale)} data-age={r.ageSeconds} data-p={String(p)} data-off={Math.round((clock() - Date.now()) / 1000)} data-closed={String(r.closed)} data-c={c.seconds}><StaleLine ageSeconds={r.ageSeconds} /></div>; }
export default function Specimen() {
  const [n, setN] = useState(64); const [q, setQ] = useState(2); const [tab, setTab] = useState('a'); const [open, setOpen] = useState(false);
  const [sales, setSales] = useState(() => Array.from({ length: 7 }, (_, k) => ({ id: `s${k}`, at: now - k * 91_000, who: ['Ada', null, 'Jonas', 'Bea', null, 'Sol', 'Yuki'][k] ?? null, quantity: 1 + (k % 3), totalCents: 1800 * (1 + (k % 3)), kind: (k === 4 ? 'refund' : 'sale') as 'sale' | 'refund' })));
  useEffect(() => { const t = setInterval(() => setN((x) => Math.max(0, x - 1)), 1500); return () => clearInterval(t); }, []);
  const points = Array.from({ length: 72 }, (_, k) => ({ at: now - (72 - k) * 1_200_000, sold: Math.max(0, Math.round(4 * Math.abs(Math.sin(k / 9)) + (k < 6 ? 14 - k * 2 : 0))), cents: 1800 }));
  return (
    <Page width="full"><LiveProbe />
      <Band palette="plum" className="pad">
        <div style={{ paddingBlock: 40 }}>
          <Grid>
            <Col span={5}><Poster eventId="velvet" title="Velvet Static" palette="plum" priority sizes="492px" /></Col>
            <Col span={7}>
              <h1 className="t-poster">Velvet Static</h1>
              <p className="t-strong" style={{ marginTop: 16 }}><EventDate startMs={now} endMs={now + 3e7} zone="Europe/Berlin" both /></p>
              <p>Saal Amrum, Berlin</p>
              <p className="t-small" style={{ marginTop: 16 }}>38 here, 5 in checkout</p>
            </Col>
          </Grid>
        </div>
      </Band>
      <Band>
        <div style={{ paddingBlock: 48 }}>
          <Grid>
            <Col span={7}>
              <Section title="About">
                <p className="measure">Junebug plays first, alone, with two tape machines and a kettle. Then Velvet Static: four people from Neukölln who have been promising a quiet record since 2019 and have not made it. Bring ears. The balcony sits, the floor does not.</p>
              </Section>
              <Section title="Places" tight aside={<LiveDot words="Live" />}>
                <p className="t-number"><LiveNumber value={n} announce="places" /></p>
                <PlacesStrip quantity={120} free={Math.max(0, n - 40)} inCheckout={9} yours={2} />
                <div style={{ height: 24 }} />
                <PlacesStrip quantity={14} free={3} inCheckout={2} />
              </Section>
              <Section title="Words from the box office" tight>
                <div style={{ display: 'grid', gap: 12 }}>
                  <Notice tone="you" title="Your 2 places are yours until 20:14." action={<Button small tone="primary">Resume</Button>}>You won’t be charged twice.</Notice>
                  <Notice tone="warn" title="Three things are missing.">Add doors, age and a refund rule.</Notice>
                  <Notice tone="bad" title="Your bank said no to this card.">Nothing was charged. Your places are safe until 20:14.</Notice>
                  <Notice tone="ok">Everyone has their money back.</Notice>
                  <Notice tone="live">On sale this second.</Notice>
                </div>
              </Section>
              <Section title="Form" tight>
                <div style={{ display: 'grid', gap: 16, maxWidth: 420 }}>
                  <TextField label="Name" defaultValue="Mara Lindqvist" required />
                  <TextField label="Email" error="That address has no @." defaultValue="mara.test" hint="Tickets go here." />
                  <PasswordField label="Password" defaultValue="liventix" />
                  <SelectField label="City" data={['Berlin', 'Lisbon']} />
                  <TextArea label="Note" placeholder="What should we know?" />
                  <CheckField label="Show my first name when I buy" hint="Otherwise it says Someone." defaultChecked />
                  <SwitchField label="Pause sales" defaultChecked />
                  <ChoiceField label="Fees" name="fees" defaultValue="a" options={[{ value: 'a', label: 'The buyer pays' }, { value: 'b', label: 'I pay' }]} />
                </div>
              </Section>
            </Col>
            <Col span={5} sticky>
              <Panel>
                <div style={{ display: 'grid', gap: 16 }}>
                  <div style={{ display: 'flex', alignItems: 'center', gap: 12, justifyContent: 'space-between' }}>
                    <div><h3 className="t-card">Floor</h3><p className="t-small ink-2">Standing</p><p className="t-strong"><Money cents={2100} currency="EUR" /></p></div>
                    <Stepper value={q} onChange={setQ} max={6} label="Floor" />
                  </div>
                  <PlacesStrip quantity={450} free={38} inCheckout={10} yours={2} />
                  <div style={{ display: 'flex', gap: 16, alignItems: 'center' }}><HoldRing expiresAtMs={Date.now() + 743_000} /><p>Yours until 20:14.<br /><span className="link">Give them back</span></p></div>
                  <HoldRing expiresAtMs={Date.now() + 203_000} /><HoldRing expiresAtMs={Date.now() + 43_000} />
                  <Button tone="primary" full onClick={() => setOpen(true)}>Get {q} tickets, {formatMoney(q * 2100, 'EUR')}</Button>
                  <Button full busy busyWords="Reserving…">x</Button>
                  <Button full onClick={() => toast({ words: 'Link copied.', tone: 'ok' })}>Share</Button>
                  <Button tone="danger">Refund everything</Button><Button disabled>Sold out</Button><Button tone="quiet">Leave</Button>
                </div>
              </Panel>
            </Col>
          </Grid>
          <Section title="Moving now"><PosterRow label="Moving now">{E.slice(0, 3).map(([id, t, p, w, pl, pr, s]) => <PosterCard key={id} to="/x" eventId={id} title={t} palette={p} when={w} place={pl} price={pr} status={s} sizes="280px" />)}</PosterRow></Section>
          <Section title="What’s on in Berlin" aside={<span className="t-small ink-2">26 events</span>}>
            <PosterWall>{E.map(([id, t, p, w, pl, pr, s]) => <PosterCard key={id} to="/x" eventId={id} title={t} palette={p} when={w} place={pl} price={pr} status={s?.kind === 'left' ? { ...s, count: n } : s} />)}</PosterWall>
          </Section>
          <Section title="Tonight at the desk">
            <Figures>
              <Figure label="Sold" value={498} note="+31 yesterday" /><Figure label="In checkout" value={12} note="5 yesterday" />
              <Figure label="Gross" value={1234500 + n * 100} format={(v) => formatMoney(v, 'EUR')} note="€640 yesterday" /><Figure label="Net" value={1101200} format={(v) => formatMoney(v, 'EUR')} note="€571 yesterday" />
            </Figures>
            <Grid><Col span={8}><SalesCurve points={points} currency="EUR" zone="Europe/Berlin" marks={[{ at: now - 60 * 1_200_000, words: 'On sale' }]} /><div style={{ height: 24 }} /><Funnel viewing={38} holding={12} paying={5} paid={4} /></Col>
            <Col span={4}><Button onClick={() => setSales((s) => [{ ...s[0]!, id: `n${s.length}`, at: now + s.length * 1000, who: 'Cleo' }, ...s])}>Sale</Button><Ledger entries={sales} currency="EUR" zone="Europe/Berlin" /></Col></Grid>
          </Section>
          <Section title="Tickets">
            <div style={{ display: 'flex', flexWrap: 'wrap', gap: 24, alignItems: 'flex-start' }}>
              <Stub event={{ id: 'velvet', title: 'Velvet Static', palette: 'plum', when: 'Fri 4 Dec, 20:00', venue: 'Saal Amrum, Berlin' }} tier="Floor" holder="Mara Lindqvist" sequence={42} code="LV1.AbCdEfGhIjKlMnOpQrStUvWxYz0123456789.k1.Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4" shortCode="K7QM-2FXA" />
              <Stub event={{ id: 'night', title: 'Night Market of Small Things', palette: 'midnight', when: 'Sat 12 Dec, 17:00', venue: 'Gleis 3, Berlin' }} tier="Entry" holder="Mara Lindqvist" sequence={7} state="redeemed" admitted={{ when: '20:07', gate: 'Gate B' }} />
              <Stub event={{ id: 'kassel', title: 'Kassel Drift', palette: 'acid', when: 'Sat 12 Dec, 22:00', venue: 'Kraftraum Ost' }} tier="Phase 1" sequence={7} state="refunded" code="LV1.x" reason="Refunded on 3 Dec" shortCode="K7QM-2FXA" />
            </div>
          </Section>
          <Section title="Nothing yet">
            <Tabs label="States" value={tab} onChange={setTab} items={[{ value: 'a', label: 'Orders', count: 35, panel: <EmptyState motif="bars" action={<Button>Share the page</Button>}>No sales yet. Share the page and watch this line move.</EmptyState> }, { value: 'b', label: 'Wallet', panel: <EmptyState motif="moon">No tickets yet. Friday is four days away.</EmptyState> }]} />
            <TabLinks label="x" items={[{ to: '/zz-specimen', label: 'Overview' }, { to: '/b', label: 'Tiers', count: 3 }]} />
            {(['rays', 'rings', 'dots', 'waves', 'steps', 'petals'] as const).map((m) => <EmptyState key={m} motif={m} inline action={<Button>Look</Button>}>Nothing for ‘jaz’ in Leeds. Did you mean jazz? 3 in London.</EmptyState>)}
            <div style={{ display: 'flex', gap: 8, flexWrap: 'wrap' }}>{['Mara Lindqvist', 'Theo', 'Ines', 'Ada', 'Jonas', 'Pia', 'Sol', 'Yuki', 'Ravi'].map((x) => <Avatar key={x} name={x} />)}</div>
            <Skeleton lines={3} />
          </Section>
        </div>
      </Band>
      <Sheet open={open} onClose={() => setOpen(false)} title="Need more time?" footer={<Button tone="primary" full>Add 5 minutes</Button>}><p>You can add five minutes once. After that your places go back on sale.</p></Sheet>
    </Page>
  );
}
