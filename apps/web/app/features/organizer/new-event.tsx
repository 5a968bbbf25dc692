import { CURRENCIES } from '@liventix/contracts/money';
import type { OrganizationSummary } from '@liventix/contracts/organizations';
import { roleAllows } from '@liventix/contracts/organizations';
import { Form, useNavigation, useSearchParams } from '@remix-run/react';
import { useEffect, useRef } from 'react';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { Button } from '~/ui/button/button.tsx';
import { SelectField, TextArea, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page, Section } from '~/ui/page/page.tsx';
import styles from './new-event.module.css';
import type { ZoneOption } from './zones.rules.ts';

export interface NewEventProps {
  organizations: OrganizationSummary[];
  zones: ZoneOption[];
  zone: string;
  problem: string | null;
}

/** A title and who hosts it; works before JavaScript. With `?host=new` an organization is founded first. */
export function NewEvent({ organizations, zones, zone, problem }: NewEventProps) {
  const { t } = useOrganizerWords();
  const [params] = useSearchParams();
  const busy = useNavigation().state !== 'idle';
  const zoneField = useRef<HTMLSelectElement>(null);
  // A page made on the server knows the zone of an earlier visit at best.
  useEffect(() => {
    const own = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (zoneField.current && zones.some(({ value }) => value === own)) zoneField.current.value = own;
  }, [zones]);
  const hosts = organizations.filter((organization) => roleAllows(organization.role, 'events'));
  if (params.get('host') === 'new')
    return (
      <Page width="form">
        <h1 className="t-page">{t('overview.new_team')}</h1>
        <Section title={t('org.name')} tight className={styles.quietTitle}>
          <Form method="post" className={styles.form}>
            <input type="hidden" name="intent" value="organization" />
            {problem && (
              <Notice tone="bad" role="alert">
                {problem}
              </Notice>
            )}
            <TextField
              label={t('org.name')}
              name="name"
              required
              minLength={2}
              maxLength={80}
              autoComplete="organization"
            />
            <TextField label={t('org.city')} name="city" maxLength={80} autoComplete="address-level2" />
            <TextArea label={t('org.description')} name="description" maxLength={2000} autosize minRows={2} />
            <Button type="submit" tone="primary" busy={busy}>
              {t('org.create')}
            </Button>
          </Form>
        </Section>
      </Page>
    );
  return (
    <Page width="form">
      <h1 className="t-page">{t('new.heading')}</h1>
      <p className={styles.lead}>{t('new.lead')}</p>
      <Form method="post" className={styles.form}>
        <input type="hidden" name="intent" value="event" />
        {problem && (
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        )}
        <TextField label={t('new.name')} name="title" required maxLength={120} size="lg" autoComplete="off" />
        <SelectField
          label={t('new.host')}
          name="host"
          defaultValue={params.get('host') ?? hosts[0]?.id ?? ''}
          data={[
            ...hosts.map((host) => ({ value: host.id, label: host.name })),
            { value: '', label: t('new.host_me') },
          ]}
        />
        <div className={styles.pair}>
          <SelectField ref={zoneField} label={t('new.zone')} name="timeZone" defaultValue={zone} data={zones} />
          <SelectField
            label={t('new.currency')}
            hint={t('new.currency_hint')}
            name="currency"
            defaultValue="EUR"
            data={CURRENCIES}
          />
        </div>
        <Button type="submit" tone="primary" busy={busy} busyWords={t('new.busy')}>
          {t('new.go')}
        </Button>
      </Form>
    </Page>
  );
}
