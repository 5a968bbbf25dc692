import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { sayError } from './say-error.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

export interface PauseControlProps {
  eventId: string;
  /** From the staff room: what everybody sees now. */
  paused: boolean;
  /** One tier instead of the event; asks no question first. */
  tier?: { id: string; name: string };
  full?: boolean;
}

/** Stops new checkouts, or lets them start again. The page's own state changes only when the database says so. */
export function PauseControl({ eventId, paused, tier, full }: PauseControlProps) {
  const { t } = useOrganizerWords();
  const [asks, setAsks] = useState(false);
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    try {
      await trpc.organizer[paused ? 'resume' : 'pause'].mutate({ eventId, ...(tier ? { tierId: tier.id } : {}) });
      setAsks(false);
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(false);
    }
  };
  const Icon = paused ? IconPlayerPlay : IconPlayerPause;
  if (tier)
    return (
      <Button
        small
        tone="quiet"
        icon={<Icon {...icon} size={18} />}
        busy={busy}
        onClick={run}
        aria-label={t(paused ? 'pause.tier_resume' : 'pause.tier_pause', { name: tier.name })}
      >
        {t(paused ? 'pause.short_resume' : 'pause.short_pause')}
      </Button>
    );
  return (
    <>
      <Button
        tone={paused ? 'primary' : 'plain'}
        small={paused}
        full={full}
        icon={<Icon {...icon} />}
        busy={busy && !asks}
        busyWords={t(paused ? 'pause.resuming' : 'pause.pausing')}
        onClick={() => (paused ? run() : setAsks(true))}
      >
        {t(paused ? 'pause.resume' : 'pause.pause')}
      </Button>
      <Sheet
        open={asks}
        onClose={() => setAsks(false)}
        title={t('pause.confirm_title')}
        footer={
          <Button tone="primary" full busy={busy} busyWords={t('pause.pausing')} onClick={run}>
            {t('pause.pause')}
          </Button>
        }
      >
        <p>{t('pause.confirm_words')}</p>
      </Sheet>
    </>
  );
}
