import { type MemberView, ORG_ROLES, type OrgRole, roleAllows, type TeamView } from '@liventix/contracts/organizations';
import { Link, useNavigate } from '@remix-run/react';
import { IconArrowLeft } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { type OrganizationValues, organizationValues } from '~/features/organizer/event-values.rules.ts';
import { lineField, orNothing, requiredField, textField } from '~/features/organizer/fields.rules.ts';
import { useFormFields } from '~/features/organizer/form-fields.tsx';
import { errorWords, sayError } from '~/features/organizer/say-error.ts';
import { formatDate } from '~/platform/format.ts';
import { useEdits } from '~/platform/forms/use-edits.ts';
import { useOrganizerWords } from '~/platform/i18n/organizer.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { trpc } from '~/platform/trpc.ts';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import { Button } from '~/ui/button/button.tsx';
import { SelectField, TextArea, TextField } from '~/ui/field/field.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { Page, Section } from '~/ui/page/page.tsx';
import { Sheet } from '~/ui/sheet/sheet.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import styles from './team-page.module.css';

/** Who works for an organization, in which role, and who is asked to. */
export function TeamPage({ initial }: { initial: TeamView }) {
  const { t, i18n } = useOrganizerWords();
  const { readerZone } = useRoot();
  const navigate = useNavigate();
  const [team, setTeam] = useState(initial);
  const [leaving, setLeaving] = useState<MemberView | null>(null);
  /** An owner is made or unmade: asked first. */
  const [asked, setAsked] = useState<{ member: MemberView; role: OrgRole } | null>(null);
  const [busy, setBusy] = useState<string | null>(null);
  const { organization, members, invitations } = team;
  const orgId = organization.id;
  const runs = roleAllows(organization.role, 'team');
  const givable = (from: OrgRole): OrgRole[] =>
    ORG_ROLES.filter((role) => (role !== 'owner' && from !== 'owner') || roleAllows(organization.role, 'team.owners'));
  const day = (at: Date) => formatDate(at.getTime(), readerZone ?? 'UTC', 'day', i18n.language);

  const change = async (key: string, work: () => Promise<TeamView>, done?: string) => {
    setBusy(key);
    try {
      setTeam(await work());
      if (done) toast({ words: done, tone: 'ok' });
    } catch (error) {
      sayError(error, t);
    } finally {
      setBusy(null);
    }
  };
  const give = (member: MemberView, role: OrgRole) =>
    change(
      member.userId,
      () => trpc.organizations.setRole.mutate({ orgId, userId: member.userId, role }),
      t('team.saved'),
    );
  const remove = async (member: MemberView) => {
    setBusy(member.userId);
    try {
      const { left } = await trpc.organizations.removeMember.mutate({ orgId, userId: member.userId });
      setLeaving(null);
      if (left) navigate(paths.organize());
      else setTeam(await trpc.organizations.members.query({ orgId }));
    } catch (error) {
      setLeaving(null);
      sayError(error, t);
    } finally {
      setBusy(null);
    }
  };

  return (
    <Page width="form">
      <Link to={paths.organize()} className={styles.back}>
        <IconArrowLeft size={18} stroke={1.75} aria-hidden /> {t('team.back')}
      </Link>
      <h1 className="t-page">{organization.name}</h1>
      <p className="ink-2">
        {[organization.city, t(`role.${organization.role}`)].filter(Boolean).join(' · ')} ·{' '}
        <Link className="link" to={paths.organizer(organization.slug)}>
          {t('team.host_page')}
        </Link>
      </p>
      <Section title={t('team.members')} tight aside={<span className="ink-2 tnum">{members.length}</span>}>
        <ul className={styles.list}>
          {members.map((member) => (
            <li key={member.userId} className={styles.member}>
              <Avatar name={member.name} seed={member.userId} />
              <div className={styles.words}>
                <p className="t-strong">
                  {member.name} {member.you && <span className="ink-3">({t('team.you')})</span>}
                </p>
                <p className={styles.sub}>
                  {member.email && `${member.email} · `}
                  {t('team.since', { when: day(member.since) })}
                </p>
              </div>
              <div className={styles.controls}>
                {runs && givable(member.role).includes(member.role) && !member.you ? (
                  <SelectField
                    label={<span className="vh">{t('team.role_of', { name: member.name })}</span>}
                    value={member.role}
                    disabled={busy === member.userId}
                    data={givable(member.role).map((role) => ({ value: role, label: t(`role.${role}`) }))}
                    onChange={(event) => {
                      const role = event.currentTarget.value as OrgRole;
                      if (role === 'owner' || member.role === 'owner') setAsked({ member, role });
                      else void give(member, role);
                    }}
                  />
                ) : (
                  <span className="ink-2">{t(`role.${member.role}`)}</span>
                )}
                {(member.you || (runs && givable(member.role).includes(member.role))) && (
                  <Button
                    small
                    tone="quiet"
                    aria-label={member.you ? undefined : `${t('team.remove')}, ${member.name}`}
                    onClick={() => setLeaving(member)}
                  >
                    {t(member.you ? 'team.leave' : 'team.remove')}
                  </Button>
                )}
              </div>
            </li>
          ))}
        </ul>
        {members.length === 1 && <p className="ink-2">{t('team.only_you')}</p>}
      </Section>

      {runs && <InvitePart orgId={orgId} roles={givable('viewer')} onSent={setTeam} />}
      {runs && invitations.length > 0 && (
        <Section title={t('team.waiting')} tight>
          <ul className={styles.list}>
            {invitations.map((invitation) => (
              <li key={invitation.id} className={styles.member}>
                <Avatar name={invitation.email} />
                <div className={styles.words}>
                  <p className="t-strong">{invitation.email}</p>
                  <p className={styles.sub}>
                    {t(`role.${invitation.role}`)},{' '}
                    {invitation.expired ? t('team.expired') : t('team.until', { when: day(invitation.expiresAt) })}
                  </p>
                </div>
                <Button
                  small
                  tone="quiet"
                  busy={busy === invitation.id}
                  aria-label={`${t('team.withdraw')}, ${invitation.email}`}
                  onClick={() =>
                    change(invitation.id, () =>
                      trpc.organizations.withdrawInvite.mutate({ orgId, invitationId: invitation.id }),
                    )
                  }
                >
                  {t('team.withdraw')}
                </Button>
              </li>
            ))}
          </ul>
        </Section>
      )}

      {runs && <AboutPart team={team} onSaved={setTeam} />}
      <Section title={t('team.roles')} tight>
        <dl className={styles.roles}>
          {ORG_ROLES.map((role) => (
            <div key={role}>
              <dt className="t-strong">{t(`role.${role}`)}</dt>
              <dd className="ink-2">{t(`role_words.${role}`)}</dd>
            </div>
          ))}
        </dl>
      </Section>
      <Sheet
        open={asked !== null}
        onClose={() => setAsked(null)}
        title={asked && t('team.role_title', { name: asked.member.name, role: t(`role.${asked.role}`) })}
        footer={
          <Button
            tone={asked?.role === 'owner' ? 'primary' : 'danger'}
            full
            busy={busy !== null}
            onClick={async () => {
              if (asked) await give(asked.member, asked.role);
              setAsked(null);
            }}
          >
            {t('team.role_go')}
          </Button>
        }
      >
        <p>
          {asked && t(asked.role === 'owner' ? 'team.role_owner' : 'team.role_no_owner', { name: asked.member.name })}
        </p>
      </Sheet>
      <Sheet
        open={leaving !== null}
        onClose={() => setLeaving(null)}
        title={
          leaving?.you
            ? t('team.leave_title', { org: organization.name })
            : t('team.remove_title', { name: leaving?.name })
        }
        footer={
          <Button tone="danger" full busy={busy !== null} onClick={() => leaving && remove(leaving)}>
            {t(leaving?.you ? 'team.leave' : 'team.remove')}
          </Button>
        }
      >
        <p>
          {leaving?.you
            ? t('team.leave_words')
            : t('team.remove_words', { name: leaving?.name, org: organization.name })}
        </p>
      </Sheet>
    </Page>
  );
}

function InvitePart({ orgId, roles, onSent }: { orgId: string; roles: OrgRole[]; onSent: (team: TeamView) => void }) {
  const { t } = useOrganizerWords();
  const [busy, setBusy] = useState(false);
  const [said, setSaid] = useState<{ tone: 'ok' | 'bad'; words: string } | null>(null);
  const [role, setRole] = useState<OrgRole>('editor');
  const send = async (submit: FormEvent<HTMLFormElement>) => {
    submit.preventDefault();
    const form = submit.currentTarget;
    const email = String(new FormData(form).get('email') ?? '').trim();
    setBusy(true);
    try {
      onSent(await trpc.organizations.invite.mutate({ orgId, email, role }));
      setSaid({ tone: 'ok', words: t('team.invite_sent', { email }) });
      form.reset();
    } catch (error) {
      setSaid({ tone: 'bad', words: errorWords(error, t) });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Section title={t('team.invite')} tight>
      <form onSubmit={send} className={styles.form}>
        <div className={styles.pair}>
          <TextField
            label={t('team.invite_email')}
            name="email"
            type="email"
            required
            maxLength={254}
            autoComplete="off"
          />
          <SelectField
            label={t('team.invite_role')}
            value={role}
            hint={undefined}
            data={roles.map((each) => ({ value: each, label: t(`role.${each}`) }))}
            onChange={(change) => {
              const next = change.currentTarget.value;
              setRole(roles.find((each) => each === next) ?? 'viewer');
            }}
          />
        </div>
        <p className="t-small ink-3">{t(`role_words.${role}`)}</p>
        {said && (
          <Notice tone={said.tone} role={said.tone === 'bad' ? 'alert' : 'status'}>
            {said.words}
          </Notice>
        )}
        <span>
          <Button type="submit" tone="primary" small busy={busy} busyWords={t('team.invite_busy')}>
            {t('team.invite_go')}
          </Button>
        </span>
      </form>
    </Section>
  );
}

function AboutPart({ team, onSaved }: { team: TeamView; onSaved: (team: TeamView) => void }) {
  const { t } = useOrganizerWords();
  const { organization } = team;
  const shown = (next: TeamView) => {
    onSaved(next);
    return organizationValues(next);
  };
  const view = useEdits<OrganizationValues>({
    stored: organizationValues(team),
    auto: false,
    send: async (change, edition) =>
      shown(await trpc.organizations.update.mutate({ orgId: organization.id, edition, ...change })),
    current: ({ current }) => (current ? shown(current as TeamView) : null),
  });
  const { edits, state, conflicts } = view;
  const { bind } = useFormFields(view);
  const save = async (submit: FormEvent<HTMLFormElement>) => {
    submit.preventDefault();
    if (await edits.submit()) toast({ words: t('team.saved'), tone: 'ok' });
  };
  return (
    <Section title={t('team.about', { name: organization.name })} tight>
      <form onSubmit={save} className={styles.form}>
        <div className={styles.pair}>
          <TextField {...bind('name', requiredField)} label={t('org.name')} required minLength={2} maxLength={80} />
          <TextField {...bind('city', lineField)} label={t('org.city')} maxLength={80} />
        </div>
        <TextArea
          {...bind('description', textField)}
          label={t('org.description')}
          maxLength={2000}
          autosize
          minRows={2}
        />
        <SelectField
          {...bind('contactUserId', orNothing())}
          label={t('org.contact')}
          hint={t('org.contact_hint')}
          data={[
            { value: '', label: t('org.contact_site') },
            ...team.members.flatMap(({ userId, name, email, reachable }) =>
              reachable ? [{ value: userId, label: `${name}, ${email}` }] : [],
            ),
          ]}
        />
        {(state === 'offline' || conflicts.size > 0) && (
          <Notice tone="warn" role="alert">
            {t(state === 'offline' ? 'errors.offline' : 'conflict.sheet')}
          </Notice>
        )}
        <span>
          <Button type="submit" busy={state === 'saving'}>
            {t('tiers.save')}
          </Button>
        </span>
      </form>
    </Section>
  );
}
