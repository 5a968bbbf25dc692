import type { OrganizerEventView, UpdateEvent } from '@liventix/contracts/organizer';
import { useOutletContext } from '@remix-run/react';
import { IconAlertTriangle, IconCheck, IconCloudOff, IconExternalLink } from '@tabler/icons-react';
import { useCallback, useEffect, useState } from 'react';
import type { EditsState } from '~/platform/forms/edits.ts';
import { useEdits } from '~/platform/forms/use-edits.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { paths } from '~/platform/paths.ts';
import { trpc } from '~/platform/trpc.ts';
import { ButtonLink } from '~/ui/button/button.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import styles from './event-editor.module.css';
import { FeesPart, GoodPart, LineUpPart, SellingPart, WhatPart, WhenPart, WherePart } from './event-parts.tsx';
import type { EventShellContext } from './event-shell.tsx';
import { type EventValues, eventValues } from './event-values.rules.ts';
import { useFormFields } from './form-fields.tsx';
import { LeaveSheet } from './leave-sheet.tsx';
import { PosterPicker } from './poster-picker.tsx';
import { ReadinessPanel } from './readiness-panel.tsx';
import type { ZoneOption } from './zones.rules.ts';

/** An event as its team writes it. Nothing is sent by a button: what is typed is saved, and the page says so. */
export function EventEditor({ initial, zones }: { initial: OrganizerEventView; zones: ZoneOption[] }) {
  const { t } = useOrganizerWords();
  const { may, live } = useOutletContext<EventShellContext>();
  const [event, setEvent] = useState(initial);
  const eventId = initial.id;
  const locked = !may('events');

  const shown = (view: OrganizerEventView) => {
    setEvent(view);
    return eventValues(view);
  };
  const view = useEdits<EventValues>({
    stored: eventValues(initial),
    auto: true,
    send: async (change, edition, answers) =>
      shown(
        await trpc.organizer.updateEvent.mutate({ ...(change as Partial<UpdateEvent>), ...answers, eventId, edition }),
      ),
    current: ({ current }) => (current ? shown(current as OrganizerEventView) : null),
  });
  const { edits, state, stored } = view;
  const form = useFormFields(view, locked);

  // The staff room says that the event was changed: by this page, or by somebody else.
  const behind = live.edition > stored.edition && state !== 'saving';
  const refresh = useCallback(async () => {
    const now = await trpc.organizer.event.query({ eventId }).catch(() => null);
    if (!now) return;
    setEvent(now);
    edits.adopt(eventValues(now));
  }, [eventId, edits]);
  useEffect(() => {
    if (behind) void refresh();
  }, [behind, refresh]);

  const readiness = <ReadinessPanel event={event} disabled={locked} onChange={setEvent} />;
  return (
    <div className={styles.page}>
      <LeaveSheet unsaved={state === 'unsaved' || state === 'offline'} />
      <h1 className={`t-page ${styles.head}`}>{t('edit.heading')}</h1>
      <SaveState state={state} />
      <div className={styles.columns}>
        <div className={styles.form}>
          <WhatPart form={form} />
          <WhenPart form={form} zones={zones} />
          <WherePart form={form} />
          <LineUpPart form={form} />
          <GoodPart form={form} />
          <SellingPart form={form} hasOrders={event.hasOrders} />
          {may('events.see') && <FeesPart form={form} locked={locked || !may('money')} />}
        </div>
        <div className={styles.side}>
          {event.status === 'draft' && readiness}
          <PosterPicker event={event} disabled={locked} onChange={setEvent} />
          <ButtonLink
            plain
            full
            to={paths.event(event.slug)}
            target="_blank"
            rel="noreferrer"
            icon={<IconExternalLink size={20} stroke={1.75} aria-hidden />}
          >
            {t('edit.preview')}
          </ButtonLink>
          {event.status === 'draft' && <p className="t-small ink-3">{t('edit.preview_draft')}</p>}
          {event.status !== 'draft' && readiness}
          {state === 'offline' && (
            <Notice tone="warn" role="status">
              {t('edit.offline')}
            </Notice>
          )}
        </div>
      </div>
    </div>
  );
}

const STATES = {
  saved: { words: 'edit.saved', icon: <IconCheck size={18} stroke={2} aria-hidden /> },
  saving: { words: 'edit.saving', icon: null },
  unsaved: { words: 'edit.not_saved', icon: <IconAlertTriangle size={18} stroke={1.75} aria-hidden /> },
  offline: { words: 'edit.offline', icon: <IconCloudOff size={18} stroke={1.75} aria-hidden /> },
} as const;

/** Stays in sight while the form scrolls. */
function SaveState({ state }: { state: EditsState }) {
  const { t } = useOrganizerWords();
  const { words, icon } = STATES[state];
  return (
    <p className={styles.state} data-state={state} role="status">
      {icon}
      {t(words)}
    </p>
  );
}
