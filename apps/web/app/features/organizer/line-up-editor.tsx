import type { LineUpEntry } from '@liventix/contracts/events';
import { IconPlus, IconX } from '@tabler/icons-react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { Button } from '~/ui/button/button.tsx';
import { TextField } from '~/ui/field/field.tsx';
import styles from './event-editor.module.css';

export interface LineUpRow extends LineUpEntry {
  key: number;
}

export interface LineUpEditorProps {
  lineUp: readonly LineUpEntry[];
  /** Rows as they stand here, those without a name too; undefined while they are as stored. */
  typed: LineUpRow[] | undefined;
  disabled: boolean;
  /** @param lineUp the rows that count: those with a name, in their order */
  onChange: (rows: LineUpRow[], lineUp: LineUpEntry[]) => void;
}

/** Who plays when. A row counts once it has a name. */
export function LineUpEditor({ lineUp, typed, disabled, onChange }: LineUpEditorProps) {
  const { t } = useOrganizerWords();
  const rows = typed ?? lineUp.map((entry, key) => ({ ...entry, key }));
  const change = (after: LineUpRow[]) =>
    onChange(
      after,
      after
        .filter((row) => row.name.trim())
        .map(({ name, at, note }) => ({
          name: name.trim(),
          ...(at ? { at } : {}),
          ...(note?.trim() ? { note: note.trim() } : {}),
        })),
    );
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
          onClick={() => change([...rows, { key: Math.max(-1, ...rows.map(({ key }) => key)) + 1, name: '' }])}
        >
          {t('edit.lineup_add')}
        </Button>
      </span>
    </div>
  );
}
