import type { ReactNode } from 'react';
import styles from './notice.module.css';

export type NoticeTone = 'plain' | 'you' | 'ok' | 'warn' | 'bad' | 'live';

export interface NoticeProps {
  tone?: NoticeTone;
  title?: ReactNode;
  /** What happened, what is safe, what to do. */
  children: ReactNode;
  action?: ReactNode;
  /** 20 px, stroke 1.75. */
  icon?: ReactNode;
  /** Announced when it appears: `status` politely, `alert` at once. Leave out when it stands there from the start. */
  role?: 'status' | 'alert';
}

/** A word from the box office, in place: a ground of its tone and a bar at its side. */
export function Notice({ tone = 'plain', title, children, action, icon, role }: NoticeProps) {
  return (
    <div className={styles.notice} data-tone={tone} role={role}>
      {icon && <span className={styles.icon}>{icon}</span>}
      <div className={styles.words}>
        {title && <p className={styles.title}>{title}</p>}
        <div>{children}</div>
      </div>
      {action && <div className={styles.action}>{action}</div>}
    </div>
  );
}
