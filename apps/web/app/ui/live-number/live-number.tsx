import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { formatCount } from '~/platform/format.ts';
import { classes } from '../classes.ts';
import styles from './live-number.module.css';
import { digitCells, placesNews } from './live-number.rules.ts';
import { usePaced } from './use-paced.ts';

export interface LiveNumberProps {
  value: number;
  /** Of the snapshot the value came from; an older one is never shown. */
  version?: number;
  /** Default: a plain count. Use `formatMoney` for takings. */
  format?: (value: number) => string;
  /** `places` speaks only at 10, 5, 1, none and back; default says nothing by itself. */
  announce?: 'places';
  /** What "none left" means right now. */
  whenZero?: 'sold_out' | 'all_in_checkout';
  /** Shown in the colour of old news. */
  stale?: boolean;
  className?: string;
}

/** A number that moves when the world does: each digit rolls in its own cell, and a coral line glows under it. */
export function LiveNumber({ value, version, format, announce, whenZero, stale, className }: LiveNumberProps) {
  const { i18n } = useTranslation('common');
  const shown = usePaced(value, version);
  const [{ current, way, turn }, setRoll] = useState({ current: shown, way: 'down' as 'up' | 'down', turn: 0 });
  if (current !== shown) setRoll({ current: shown, way: shown > current ? 'up' : 'down', turn: turn + 1 });

  const text = format ? format(shown) : formatCount(shown, i18n.language);
  return (
    <>
      <span
        aria-hidden="true"
        className={classes(styles.number, className)}
        data-way={way}
        data-stale={stale || undefined}
        translate="no"
      >
        {digitCells(text).map(({ place, character, isDigit }) => (
          <Cell key={place} character={character} rolls={isDigit} />
        ))}
        {turn > 0 && <span key={turn} className={styles.glow} />}
      </span>
      <span className="vh">{text}</span>
      {announce === 'places' && <PlacesVoice free={shown} whenZero={whenZero} />}
    </>
  );
}

function Cell({ character, rolls }: { character: string; rolls: boolean }) {
  const [{ now, was, turn }, setFace] = useState<{ now: string; was: string | null; turn: number }>({
    now: character,
    was: null,
    turn: 0,
  });
  if (now !== character) setFace({ now: character, was: now, turn: turn + 1 });
  return (
    <span className={classes(styles.cell, !rolls && styles.plain)}>
      {was !== null && (
        <span key={`was-${turn}`} className={styles.out}>
          {was}
        </span>
      )}
      <span key={`now-${turn}`} className={turn > 0 ? styles.in : undefined}>
        {now}
      </span>
    </span>
  );
}

function PlacesVoice({ free, whenZero = 'all_in_checkout' }: { free: number; whenZero?: LiveNumberProps['whenZero'] }) {
  const { t } = useTranslation('common');
  const before = useRef(free);
  const [words, setWords] = useState('');
  useEffect(() => {
    const news = placesNews(before.current, free);
    before.current = free;
    if (!news) return;
    if (news.say === 'gone') setWords(t(`places.${whenZero}`));
    else if (news.say === 'back') setWords(t('places.back', { count: news.count }));
    else setWords(t('places.left', { count: news.count }));
  }, [free, whenZero, t]);
  return (
    <span className="vh" role="status" aria-live="polite">
      {words}
    </span>
  );
}
