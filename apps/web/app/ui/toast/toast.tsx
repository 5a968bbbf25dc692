import { IconX } from '@tabler/icons-react';
import { useSyncExternalStore } from 'react';
import { useTranslation } from 'react-i18next';
import styles from './toast.module.css';

export interface Toast {
  words: string;
  tone?: 'plain' | 'you' | 'ok' | 'warn' | 'bad' | 'live';
  action?: { words: string; run: () => void };
  /** Milliseconds; default 6 s. One with an action stays until it is closed. */
  forMs?: number;
}

interface Shown extends Toast {
  id: number;
}

let shown: readonly Shown[] = [];
let nextId = 1;
const NONE: readonly Shown[] = [];
const listeners = new Set<() => void>();

function set(next: readonly Shown[]): void {
  shown = next;
  for (const listener of listeners) listener();
}

export function dismissToast(id: number): void {
  set(shown.filter((each) => each.id !== id));
}

/** Says something once, at the edge of the page. For news that belongs to a place, use `Notice` there. */
export function toast(news: Toast): number {
  const id = nextId++;
  set([...shown.filter((each) => each.words !== news.words).slice(-2), { ...news, id }]);
  if (!news.action) setTimeout(() => dismissToast(id), news.forMs ?? 6_000);
  return id;
}

/** Where toasts appear; stands once in the document. */
export function ToastHost() {
  const { t } = useTranslation('common');
  const toasts = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => shown,
    () => NONE,
  );
  return (
    <div className={styles.host} role="status" aria-live="polite">
      {toasts.map(({ id, words, tone = 'plain', action }) => (
        <div key={id} className={styles.toast} data-tone={tone}>
          <p>{words}</p>
          {action && (
            <button
              type="button"
              className={styles.action}
              onClick={() => {
                dismissToast(id);
                action.run();
              }}
            >
              {action.words}
            </button>
          )}
          <button type="button" className={styles.close} aria-label={t('dismiss')} onClick={() => dismissToast(id)}>
            <IconX size={20} stroke={1.75} aria-hidden="true" />
          </button>
        </div>
      ))}
    </div>
  );
}
