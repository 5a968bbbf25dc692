import type { LikeView } from '@liventix/contracts/feed';
import type { PaletteName } from '@liventix/contracts/posters';
import { IconHeart, IconHeartFilled } from '@tabler/icons-react';
import { type CSSProperties, useEffect, useRef, useState } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { readError, trpc } from '~/platform/trpc.ts';
import { LiveNumber } from '~/ui/live-number/live-number.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import { mayFloat } from './feed.rules.ts';
import styles from './like-button.module.css';

export interface LikeButtonProps {
  postId: string;
  palette: PaletteName;
  liked: boolean;
  /** Of the newest state known: the page's, the room's, or the last answer's. */
  likes: number;
  version: number;
  /** Nobody, or a guest: the like is kept and she is asked to sign in. */
  onAsk: (() => void) | null;
  onAnswer: (answer: LikeView) => void;
}

const icon = { size: 24, stroke: 1.75, 'aria-hidden': true } as const;
/** Angle in degrees and distance in pixels of the six sparks: uneven, as sparks are. */
const SPARKS = [
  [-84, 27],
  [-31, 22],
  [24, 26],
  [88, 19],
  [152, 25],
  [208, 21],
] as const;

/**
 * A like, shown at once and taken back when the server says no. Presses while one is under way are kept: the last one
 * wins. Likes of others let one heart fly, three a second at most.
 */
export function LikeButton({ postId, palette, liked, likes, version, onAsk, onAnswer }: LikeButtonProps) {
  const { t } = useFeedWords();
  /** What she wants while the server has not said so yet. */
  const [wish, setWish] = useState<boolean | null>(null);
  const wanted = useRef<boolean | null>(null);
  const [bursts, setBursts] = useState(0);
  const on = wish ?? liked;
  // While a like is under way the room may count it already or not: only the difference to what was known is shown.
  const base = useRef({ likes, liked });
  if (wish === null) base.current = { likes, liked };
  const shown = base.current.likes + (on ? 1 : 0) - (base.current.liked ? 1 : 0);
  const floats = useFloats(wish === null ? likes - (liked ? 1 : 0) : null);

  const press = async () => {
    if (onAsk) {
      setBursts(bursts + 1);
      onAsk();
      return;
    }
    const next = !on;
    setWish(next);
    if (next) setBursts(bursts + 1);
    const underWay = wanted.current !== null;
    wanted.current = next;
    if (underWay) return;
    try {
      let answer: LikeView;
      let asked: boolean;
      do {
        asked = wanted.current;
        answer = await (asked ? trpc.feed.like : trpc.feed.unlike).mutate({ postId });
      } while (asked !== wanted.current);
      onAnswer(answer);
    } catch (thrown) {
      const { code, words } = readError(thrown);
      toast({ tone: 'bad', words: code === 'OFFLINE' ? t('problem.like_offline') : (words ?? t('problem.failed')) });
    } finally {
      wanted.current = null;
      setWish(null);
    }
  };

  return (
    <button
      type="button"
      className={styles.like}
      data-on={on || undefined}
      data-palette={palette}
      aria-pressed={on}
      aria-label={shown > 0 ? t('likes', { count: shown }) : t('like')}
      onClick={() => void press()}
    >
      <span className={styles.heart}>
        <span key={bursts} className={bursts > 0 && (on || onAsk) ? styles.beat : undefined}>
          {on ? <IconHeartFilled {...icon} /> : <IconHeart {...icon} />}
        </span>
        {bursts > 0 && (on || onAsk) && (
          <span key={`sparks-${bursts}`} className={styles.sparks} aria-hidden="true">
            {SPARKS.map(([angle, reach]) => (
              <span key={angle} style={{ '--angle': `${angle}deg`, '--reach': `${reach}px` } as CSSProperties} />
            ))}
          </span>
        )}
        {floats.map((id) => (
          <span key={id} className={styles.float} data-side={id % 3} aria-hidden="true">
            <IconHeartFilled size={16} />
          </span>
        ))}
      </span>
      {/* An own like glows in the colour of "you"; coral stays with what others do. */}
      <span className={styles.count} data-own={wish !== null || undefined}>
        {shown > 0 ? (
          <LiveNumber value={shown} version={wish === null ? version : undefined} />
        ) : (
          <span>{t('like')}</span>
        )}
      </span>
    </button>
  );
}

/** Ids of hearts in the air: one for each rise of other people's likes. Null pauses, while an own like is being counted. */
function useFloats(others: number | null): readonly number[] {
  const [flying, setFlying] = useState<readonly number[]>([]);
  const before = useRef(others);
  const flown = useRef<readonly number[]>([]);
  const next = useRef(0);
  useEffect(() => {
    if (others === null) return;
    const rose = before.current !== null && others > before.current;
    before.current = others;
    if (!rose) return;
    const { may, lately } = mayFloat(flown.current, performance.now());
    flown.current = may ? [...lately, performance.now()] : lately;
    if (!may) return;
    const id = next.current++;
    setFlying((now) => [...now, id]);
    // Not cancelled when another one starts: each ends by itself.
    setTimeout(() => setFlying((now) => now.filter((each) => each !== id)), 750);
  }, [others]);
  return flying;
}
