import type { LineUpEntry } from '@liventix/contracts/events';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';
import styles from './event-editor.module.css';

interface Row extends LineUpEntry {
  key: number;
}

export interface LineUpEditorProps {
  initial: readonly LineUpEntry[];
  disabled: boolean;
  /** Rows with a name, in their order. */
  onChange: (lineUp: { name: string; at?: string; note?: string }[]) => void;
}

/** Who plays when. A row counts once it has a name. */
export function LineUpEditor({ initial, disabled, onChange }: LineUpEditorProps) {
  const { t } = useOrganizerWords();
  const next = useRef(initial.length);
  const [rows, setRows] = useState<Row[]>(() => initial.map((entry, key) => ({ ...entry, key })));
  const change = (after: Row[]) => {
    setRows(after);
    onChange(
      after
        .filter((row) => row.name.trim())
        .map(({ name, at, note }) => ({
          name: name.trim(),
          ...(at ? { at } : {}),
          ...(note?.trim() ? { note: note.trim() } : {}),
        })),
    );
  };
  const set = (key: number, part: Partial<LineUpEntry>) =>
    change(rows.map((row) => (row.key === key ? { ...row, ...part } : row)));
  return (
    <div className={styles.rows}>
      {rows.map((row) => (
        <div key={row.key} className={styles.row}>
          <TextField
            label={t('edit.lineup_name')}
            value={row.name}
            disabled={disabled}
            maxLength={120}
            onChange={(event) => set(row.key, { name: event.currentTarget.value })}
          />
          <TextField
            label={t('edit.lineup_at')}
            type="time"
            value={row.at ?? ''}
            disabled={disabled}
            onChange={(event) => set(row.key, { at: event.currentTarget.value })}
          />
          <button
            type="button"
            className={styles.remove}
            disabled={disabled}
            aria-label={t('edit.lineup_remove', { name: row.name })}
            onClick={() => change(rows.filter((each) => each.key !== row.key))}
          >
            <IconX size={20} stroke={1.75} aria-hidden />
          </button>
          <TextField
            className={styles.note}
            label={t('edit.lineup_note')}
            value={row.note ?? ''}
            disabled={disabled}
            maxLength={120}
            onChange={(event) => set(row.key, { note: event.currentTarget.value })}
          />
        </div>
      ))}
      <span>
        <Button
          icon={<IconPlus size={20} stroke={1.75} aria-hidden />}
          disabled={disabled || rows.length >= 40}
          onClick={() => setRows([...rows, { key: next.current++, name: '' }])}
        >
          {t('edit.lineup_add')}
        </Button>
      </span>
    </div>
  );
}
