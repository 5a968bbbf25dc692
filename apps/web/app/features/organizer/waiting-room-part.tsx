import type { WaitingRoomSnapshot } from '@liventix/contracts/waiting-room';
import { IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import { useState } from 'react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { useRoom } from '~/platform/live/index.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { Figure, Figures } from '~/ui/figure/figure.tsx';
import styles from './live-dashboard.module.css';
import { sayError } from './say-error.ts';

/** Until the room's own snapshot is here: nothing is said of it. */
const UNKNOWN: { version: number; data: WaitingRoomSnapshot } = {
  version: -1,
  data: {
    ...{ roomId: null, state: 'none', paused: false, drawn: 0, served: 0, last: 0, bucket: 64, gone: [], waiting: 0 },
    ...{ perMinute: null, sale: { state: 'closed' } },
  },
};
const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

/** The line in front of the event, as its team sees it: how long, how fast, who gave up; and the way to stop it. */
export function WaitingRoomPart({ eventId, pausable }: { eventId: string; pausable: boolean }) {
  const { t } = useOrganizerWords();
  const { data: room, version, stale } = useRoom('waiting', eventId, UNKNOWN);
  const [busy, setBusy] = useState(false);
  const { staff } = room;
  if (room.state === 'none' || !staff) return null;
  const living = room.state !== 'closed';
  const toggle = async () => {
    setBusy(true);
    try {
      await trpc.waitingRoom.pause.mutate({ eventId, paused: !room.paused });
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(false);
    }
  };
  const numbers = { version, stale } as const;
  const Icon = room.paused ? IconPlayerPlay : IconPlayerPause;
  return (
    <section className={styles.room} aria-labelledby="room-title">
      <header className={styles.roomHead}>
        <h2 className="t-card" id="room-title">
          {t('room.title')}
        </h2>
        <p className="t-small ink-2">
          {room.state === 'closed'
            ? t(`room.closed_${room.closedBecause ?? 'calm'}`)
            : t(room.paused ? 'room.paused' : room.state === 'gathering' ? 'room.gathering' : 'room.open')}
        </p>
        {living && pausable && (
          <Button
            small
            tone={room.paused ? 'primary' : 'plain'}
            icon={<Icon {...icon} />}
            busy={busy}
            busyWords={t(room.paused ? 'room.resuming' : 'room.pausing')}
            onClick={toggle}
          >
            {t(room.paused ? 'room.resume' : 'room.pause')}
          </Button>
        )}
      </header>
      <Figures>
        <Figure
          {...numbers}
          label={t(room.state === 'gathering' ? 'room.here' : 'room.waiting')}
          value={living ? room.waiting : 0}
        />
        <Figure
          {...numbers}
          label={t('room.rate')}
          value={staff.admittedLastMinute}
          note={`${t('room.inside')}: ${staff.admitted}`}
        />
        <Figure {...numbers} label={t('room.through')} value={staff.held} />
        <Figure {...numbers} label={t('room.gave_up')} value={staff.left + staff.missed + staff.lapsed} />
      </Figures>
      {staff.left + staff.missed + staff.lapsed > 0 && (
        <p className="t-small ink-3">
          {t('room.gave_up_words', { left: staff.left, missed: staff.missed, lapsed: staff.lapsed })}
        </p>
      )}
    </section>
  );
}
