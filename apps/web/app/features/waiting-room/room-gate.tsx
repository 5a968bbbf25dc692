import type { WaitingRoomView } from '@liventix/contracts/waiting-room';
import { useTranslation } from 'react-i18next';
import { useCountdown } from '~/platform/live/index.ts';
import { paths } from '~/platform/paths.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';

/** Whether the room lets its person choose places on the event's page now. */
export function isAdmitted(view: WaitingRoomView | null): boolean {
  return view === null || view.spot?.state === 'admitted';
}

/** What an event's page says of the room in front of it: the way there, or the minutes one has. */
export function RoomGate({ slug, view }: { slug: string; view: WaitingRoomView }) {
  const { t } = useTranslation('event');
  const { room, spot } = view;
  if (spot?.state === 'admitted' && spot.admittedUntil !== null)
    return <Turn slug={slug} endsAtMs={spot.admittedUntil} />;
  const isIn = spot?.state === 'waiting';
  const gathering = room.state === 'gathering';
  return (
    <Notice
      tone="you"
      title={t(gathering ? 'room.gathering_title' : 'room.open_title')}
      action={
        <ButtonLink to={paths.waitingRoom(slug)} tone="primary" full>
          {t(isIn ? 'room.back' : 'room.go')}
        </ButtonLink>
      }
    >
      {t(isIn ? 'room.in' : gathering ? 'room.gathering' : 'room.open')}
    </Notice>
  );
}

function Turn({ slug, endsAtMs }: { slug: string; endsAtMs: number }) {
  const { t } = useTranslation('event');
  const { text, ended } = useCountdown(endsAtMs);
  if (!ended)
    return (
      <Notice tone="you">
        <span role="timer">{t('room.turn', { time: text })}</span>
      </Notice>
    );
  return (
    <Notice
      tone="warn"
      action={
        <ButtonLink to={paths.waitingRoom(slug)} full>
          {t('room.go')}
        </ButtonLink>
      }
    >
      {t('room.open')}
    </Notice>
  );
}
