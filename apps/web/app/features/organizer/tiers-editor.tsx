import type { OrganizerEventView, OrganizerTier } from '@liventix/contracts/organizer';
import { useOutletContext } from '@remix-run/react';
import { IconChevronDown, IconChevronUp, IconPlus } from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { formatMoney } from '~/platform/format.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { EmptyState } from '~/ui/empty-state/empty-state.tsx';
import { PlacesStrip } from '~/ui/places-strip/places-strip.tsx';
import type { EventShellContext } from './event-shell.tsx';
import { PauseControl } from './pause-control.tsx';
import { sayError } from './say-error.ts';
import { TierForm } from './tier-form.tsx';
import styles from './tiers-editor.module.css';

/** Kinds of ticket with their prices and places; the counters move with the staff room. */
export function TiersEditor({ event, initial }: { event: OrganizerEventView; initial: OrganizerTier[] }) {
  const { t, i18n } = useOrganizerWords();
  const { live, may } = useOutletContext<EventShellContext>();
  const [tiers, setTiers] = useState(initial);
  /** Which sheet is open: a tier's, or that of a new one. */
  const [edited, setEdited] = useState<OrganizerTier | 'new' | null>(null);
  const editedTier = edited === 'new' ? null : edited;
  const locked = !may('events');
  const prices = tiers.flatMap((tier) => [tier.priceCents, tier.buyerCents]);
  const money = (cents: number) =>
    cents === 0 ? t('tiers.free') : formatMoney(cents, event.currency, { among: prices, locale: i18n.language });

  // The staff room says that tiers were changed, here or by somebody else.
  const editions = live.tiers.map(({ id, edition }) => `${id} ${edition}`).join();
  const known = tiers.map(({ id, edition }) => `${id} ${edition}`).join();
  useEffect(() => {
    if (editions === known) return;
    let left = false;
    trpc.organizer.event.query({ eventId: event.id }).then(
      (now) => left || setTiers(now.tiers),
      () => undefined,
    );
    return () => {
      left = true;
    };
  }, [editions, known, event.id]);

  const run = async (work: Promise<OrganizerTier[]>) => {
    try {
      setTiers(await work);
    } catch (error) {
      sayError(error, t);
    }
  };
  const move = (index: number, by: number) => {
    const ids = tiers.map((tier) => tier.id);
    const [id] = ids.splice(index, 1);
    if (id) ids.splice(index + by, 0, id);
    void run(trpc.organizer.tiers.reorder.mutate({ eventId: event.id, tierIds: ids }));
  };

  return (
    <div className={styles.page}>
      <header className={styles.head}>
        <div>
          <h1 className="t-page">{t('tiers.heading')}</h1>
          <p className="ink-2">{t('tiers.lead')}</p>
        </div>
        {!locked && (
          <Button
            tone="primary"
            small
            icon={<IconPlus size={20} stroke={1.75} aria-hidden />}
            onClick={() => setEdited('new')}
          >
            {t('tiers.add')}
          </Button>
        )}
      </header>
      {tiers.length === 0 && <EmptyState motif="steps">{t('tiers.empty')}</EmptyState>}
      <ul className={styles.list}>
        {tiers.map((tier, index) => {
          // The staff room knows the counters and the pause of this second; the rest is as it was saved.
          const now = live.tiers.find((each) => each.id === tier.id);
          const issued = now?.issued ?? tier.issued;
          const reserved = now?.reserved ?? tier.reserved;
          const quantity = now?.quantity ?? tier.quantity;
          const status = now?.status ?? tier.status;
          return (
            <li key={tier.id} className={styles.tier}>
              <div className={styles.top}>
                <div className={styles.words}>
                  <h2 className="t-card">
                    {tier.name}
                    {status === 'inactive' && <span className="ink-3"> · {t('tiers.closed')}</span>}
                    {status === 'sold_out' && <span className="ink-3"> · {t('tiers.sold_out')}</span>}
                    {(now?.paused ?? tier.paused) && <span className={styles.paused}> · {t('pause.tier_paused')}</span>}
                  </h2>
                  {tier.description && <p className="t-small ink-2">{tier.description}</p>}
                </div>
                <p className={styles.price}>
                  {money(tier.priceCents)}
                  {tier.buyerCents !== tier.priceCents && (
                    <span className={styles.buyer}>{t('tiers.buyer', { money: money(tier.buyerCents) })}</span>
                  )}
                </p>
              </div>
              {quantity > 0 && (
                <PlacesStrip quantity={quantity} free={quantity - issued - reserved} inCheckout={reserved} />
              )}
              {!locked && (
                <div className={styles.actions}>
                  <Button small onClick={() => setEdited(tier)}>
                    {t('tiers.change')}
                  </Button>
                  {status !== 'inactive' && live.status === 'published' && (
                    <PauseControl eventId={event.id} paused={now?.paused ?? tier.paused} tier={tier} />
                  )}
                  <Button
                    small
                    tone="quiet"
                    onClick={() =>
                      run(trpc.organizer.tiers.update.mutate({ tierId: tier.id, open: status === 'inactive' }))
                    }
                  >
                    {t(status === 'inactive' ? 'tiers.open_sale' : 'tiers.close_sale')}
                  </Button>
                  {!tier.used && issued + reserved === 0 && (
                    <Button
                      small
                      tone="quiet"
                      onClick={() => run(trpc.organizer.tiers.delete.mutate({ tierId: tier.id }))}
                    >
                      {t('tiers.remove')}
                    </Button>
                  )}
                  <span className={styles.order}>
                    <button
                      type="button"
                      className={styles.icon}
                      disabled={index === 0}
                      aria-label={t('tiers.up', { name: tier.name })}
                      onClick={() => move(index, -1)}
                    >
                      <IconChevronUp size={20} stroke={1.75} aria-hidden />
                    </button>
                    <button
                      type="button"
                      className={styles.icon}
                      disabled={index === tiers.length - 1}
                      aria-label={t('tiers.down', { name: tier.name })}
                      onClick={() => move(index, 1)}
                    >
                      <IconChevronDown size={20} stroke={1.75} aria-hidden />
                    </button>
                  </span>
                </div>
              )}
            </li>
          );
        })}
      </ul>
      <TierForm
        key={editedTier?.id ?? (edited ? 'new' : 'closed')}
        event={event}
        // A tier that a colleague removed meanwhile stays the tier of its sheet: saving says that it is gone.
        tier={tiers.find(({ id }) => id === editedTier?.id) ?? editedTier}
        open={edited !== null}
        onClose={() => setEdited(null)}
        onSaved={setTiers}
      />
    </div>
  );
}
