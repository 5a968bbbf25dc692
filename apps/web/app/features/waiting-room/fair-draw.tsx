import type { WaitingRoomSnapshot, WaitingSpot } from '@liventix/contracts/waiting-room';
import { useWaitingRoomWords } from '~/platform/i18n/waiting-room.ts';
import { paths } from '~/platform/paths.ts';
import styles from './waiting-room.module.css';

/** How the order came about, with what it takes to check it. */
export function FairDraw({ room, spot }: { room: WaitingRoomSnapshot; spot: WaitingSpot | null }) {
  const { t } = useWaitingRoomWords();
  const drawn = room.seed !== undefined;
  const inDraw = spot !== null && (spot.number === null || spot.number <= room.drawn);
  return (
    <details className={styles.fair}>
      <summary>{t('fair')}</summary>
      <p>{drawn ? (room.drawn > 0 ? t('fair_after', { count: room.drawn }) : t('fair_none')) : t('fair_before')}</p>
      {(!drawn || room.drawn > 0) && (
        <dl className={styles.codes}>
          <div>
            <dt>{t('commitment')}</dt>
            <dd className="t-code">{room.commitment}</dd>
          </div>
          {drawn && (
            <div>
              <dt>{t('seed')}</dt>
              <dd className="t-code">{room.seed}</dd>
            </div>
          )}
          {inDraw && (
            <div>
              <dt>{t('your_spot')}</dt>
              <dd className="t-code">{spot.id}</dd>
            </div>
          )}
        </dl>
      )}
      {drawn && room.drawn > 0 && room.roomId && (
        <a href={paths.draw(room.roomId)} className="link">
          {t('check')}
        </a>
      )}
    </details>
  );
}
