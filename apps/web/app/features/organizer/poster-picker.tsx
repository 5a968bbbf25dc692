import type { ChangePoster, OrganizerEventView } from '@liventix/contracts/organizer';
import { LAYOUTS, MOTIFS, PALETTE_NAMES } from '@liventix/contracts/posters';
import { IconArrowsShuffle, IconPhotoUp } from '@tabler/icons-react';
import { useRef, useState } from 'react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { shrinkPicture } from '~/platform/shrink-picture.ts';
import { trpc } from '~/platform/trpc.ts';
import { Button } from '~/ui/button/button.tsx';
import { SelectField } from '~/ui/field/field.tsx';
import { Poster } from '~/ui/poster/poster.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import styles from './event-editor.module.css';
import { organizerPaths } from './organizer-paths.ts';
import { sayError } from './say-error.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

export interface PosterPickerProps {
  event: OrganizerEventView;
  disabled: boolean;
  onChange: (event: OrganizerEventView) => void;
}

/** The event's poster: shuffled, put together by hand, or a picture of one's own. */
export function PosterPicker({ event, disabled, onChange }: PosterPickerProps) {
  const { t } = useOrganizerWords();
  const [busy, setBusy] = useState<'draw' | 'upload' | null>(null);
  const file = useRef<HTMLInputElement>(null);
  const draw = async (change: Omit<ChangePoster, 'eventId'>) => {
    setBusy('draw');
    try {
      onChange(await trpc.organizer.changePoster.mutate({ eventId: event.id, ...change }));
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(null);
    }
  };
  const upload = async (picture: File | undefined) => {
    if (!picture) return;
    setBusy('upload');
    try {
      const answer = await fetch(organizerPaths.cover(event.id), {
        method: 'POST',
        body: await shrinkPicture(picture, 'cover'),
        headers: { 'content-type': 'application/octet-stream', accept: 'application/json' },
      });
      if (answer.ok) onChange(await trpc.organizer.event.query({ eventId: event.id }));
      else toast({ words: wordsOf(await answer.json().catch(() => null)) ?? t('errors.any'), tone: 'bad' });
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(null);
      if (file.current) file.current.value = '';
    }
  };
  return (
    <section className={styles.poster} aria-label={t('edit.poster')}>
      <span className={styles.frame}>
        <Poster
          eventId={event.id}
          title={event.title}
          palette={event.palette}
          version={event.posterVersion}
          sizes="320px"
        />
      </span>
      <div className={styles.posterActions}>
        <Button
          icon={<IconArrowsShuffle {...icon} />}
          disabled={disabled}
          busy={busy === 'draw'}
          onClick={() => draw({ shuffle: true })}
        >
          {t('edit.shuffle')}
        </Button>
        <Button
          icon={<IconPhotoUp {...icon} />}
          disabled={disabled}
          busy={busy === 'upload'}
          busyWords={t('edit.uploading')}
          onClick={() => file.current?.click()}
        >
          {t('edit.upload')}
        </Button>
        {event.coverImageUrl && (
          <Button tone="quiet" disabled={disabled} onClick={() => draw({ dropCover: true })}>
            {t('edit.drop_cover')}
          </Button>
        )}
        <input
          ref={file}
          type="file"
          accept="image/jpeg,image/png,image/webp,image/avif"
          className="vh"
          tabIndex={-1}
          aria-label={t('edit.upload')}
          onChange={(change) => upload(change.currentTarget.files?.[0])}
        />
      </div>
      <fieldset aria-label={t('edit.palette')} className={styles.swatches}>
        {PALETTE_NAMES.map((palette) => (
          <button
            key={palette}
            type="button"
            className={styles.swatch}
            data-palette={palette}
            aria-label={palette}
            aria-pressed={event.palette === palette}
            disabled={disabled}
            onClick={() => draw({ palette })}
          />
        ))}
      </fieldset>
      {!event.coverImageUrl && (
        <SelectField
          key={event.poster.motif + event.poster.layout}
          label={t('edit.motif')}
          defaultValue={`${event.poster.motif} ${event.poster.layout}`}
          disabled={disabled}
          data={MOTIFS.flatMap((motif) =>
            LAYOUTS.map((layout, index) => ({
              value: `${motif} ${layout}`,
              label: `${t(`motifs.${motif}`)} ${index + 1}`,
            })),
          )}
          onChange={(change) => {
            const [motif, layout] = change.currentTarget.value.split(' ');
            void draw({
              motif: MOTIFS.find((each) => each === motif),
              layout: LAYOUTS.find((each) => each === layout),
            });
          }}
        />
      )}
      <p className="t-small ink-3">{t('edit.upload_hint')}</p>
    </section>
  );
}

function wordsOf(body: unknown): string | null {
  if (typeof body !== 'object' || body === null) return null;
  const { words } = body as { words?: unknown };
  return typeof words === 'string' ? words : null;
}
