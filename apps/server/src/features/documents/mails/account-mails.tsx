/** Mails about an account: signing in, proving an address, joining an organization. */
import { Action, Code, Layout, Small, Words } from './layout.tsx';
import { type Mail, renderMail } from './render-mail.ts';

export interface LinkMailData {
  url: string;
  /** How long the link works. */
  minutes: number;
}

const writeDuration = (minutes: number): string => {
  if (minutes % 1440 === 0) return minutes === 1440 ? '24 hours' : `${minutes / 1440} days`;
  if (minutes % 60 === 0) return minutes === 60 ? 'an hour' : `${minutes / 60} hours`;
  return `${minutes} minutes`;
};

/** Sign in without a password. */
export function magicLinkMail({ url, minutes }: LinkMailData): Promise<Mail> {
  return renderMail(
    'Your sign-in link',
    <Layout
      preview={`Works once, for ${writeDuration(minutes)}.`}
      title="Sign in with one tap"
      why="You get this because someone typed this address to sign in. If it wasn’t you, do nothing: nobody gets in without this link."
    >
      <Words>This link signs you in. It works once, for {writeDuration(minutes)}.</Words>
      <Action href={url}>Sign in</Action>
    </Layout>,
  );
}

export interface SignUpMailData extends LinkMailData {
  code: string;
  codeMinutes: number;
  /** The address has an account: it is signed in to, and keeps its password. */
  known: boolean;
  forgotUrl: string;
}

/** Someone signed up with this address: the mail finishes the account, or says that there is one. Screens never say which. */
export function signUpMail({ url, minutes, code, codeMinutes, known, forgotUrl }: SignUpMailData): Promise<Mail> {
  const title = known ? 'You already have an account' : 'Finish your account';
  return renderMail(
    known ? 'You already have a Liventix account' : `${code} finishes your Liventix account`,
    <Layout
      preview={known ? 'Sign in, or choose a new password.' : 'Open the link, or type the code where you signed up.'}
      title={title}
      why="You get this because someone typed this address to sign up. If it wasn’t you, do nothing, and give this code to nobody: we never ask for it."
    >
      <Words>
        {known
          ? 'This address has an account with the password you chose then. The link signs you in to it.'
          : 'The link proves that this address is yours and signs you in.'}{' '}
        It works once, for {writeDuration(minutes)}.
      </Words>
      <Action href={url}>{known ? 'Sign in' : 'Finish my account'}</Action>
      <Words>Or type this code where you signed up. It works for {writeDuration(codeMinutes)}.</Words>
      <Code>{code}</Code>
      <Small>
        {known ? (
          <>
            Forgot your password? <a href={forgotUrl}>Choose a new one</a>.
          </>
        ) : (
          'Open the link in the browser where you signed up: your password is kept there until then.'
        )}
      </Small>
    </Layout>,
  );
}

export interface EmailCodeMailData {
  code: string;
  minutes: number;
  purpose: 'sign_in' | 'verify_address' | 'find_order';
}

/** A code to type where it was asked for. */
export function emailCodeMail({ code, minutes, purpose }: EmailCodeMailData): Promise<Mail> {
  const does = {
    sign_in: 'signs you in',
    verify_address: 'confirms that this address is yours',
    find_order: 'opens your order',
  }[purpose];
  return renderMail(
    `${code} is your Liventix code`,
    <Layout
      preview={`Type it where you were asked. It works for ${writeDuration(minutes)}.`}
      title="Your code"
      why="You get this because someone typed this address. If it wasn’t you, do nothing, and give this code to nobody: we never ask for it."
    >
      <Words>
        Type it where you were asked. It {does}, and works for {writeDuration(minutes)}.
      </Words>
      <Code>{code}</Code>
    </Layout>,
  );
}

/** Choose a new password. */
export function passwordResetMail({ url, minutes }: LinkMailData): Promise<Mail> {
  return renderMail(
    'Choose a new password',
    <Layout
      preview={`Your present password works until you do. The link works for ${writeDuration(minutes)}.`}
      title="Choose a new password"
      why="You get this because someone asked for a new password for this address. If it wasn’t you, do nothing: your password stays as it is."
    >
      <Words>
        Your present password works until you choose a new one. The link works once, for {writeDuration(minutes)}.
        Afterwards every other device is signed out.
      </Words>
      <Action href={url}>Choose a new password</Action>
    </Layout>,
  );
}

const CHANGES = {
  password_changed: 'Your password was changed',
  password_set: 'Your account has a password now',
  factor_added: 'A second factor was added to your account',
  factor_removed: 'A second factor was removed from your account',
  recovery_code_used: 'A recovery code of your account was used',
  codes_renewed: 'Your account has new recovery codes',
  address_left: 'Your account has another address now',
  address_taken: 'This is the address of your account now',
  account_deleted: 'Your account was deleted',
} as const;

/** To its former address alone: no link mailed there does anything for the account any more. */
const LAST_WORDS: Partial<Record<keyof typeof CHANGES, string>> = {
  account_deleted: 'Name, address and sign-in are gone, and this is the last mail about it.',
  address_left:
    'This is the last mail to this one. If it was not you, write to the people who run this site: they can check who you are and give you the account back.',
};

export interface AccountChangedMailData {
  kind: keyof typeof CHANGES;
  /** Where a new password is chosen. */
  url: string;
}

/** Something was changed that lets somebody in, or keeps somebody out. */
export function accountChangedMail({ kind, url }: AccountChangedMailData): Promise<Mail> {
  const title = CHANGES[kind];
  const last = LAST_WORDS[kind];
  return renderMail(
    title,
    <Layout
      preview={`${title}. It happened a moment ago.`}
      title={title}
      why={`You get this because this ${kind === 'address_left' ? 'was' : 'is'} the address of the account. It is sent whenever something of this kind changes.`}
    >
      {last ? (
        <Words>It happened a moment ago. {last}</Words>
      ) : (
        <>
          <Words>
            It happened a moment ago. If it was you, there is nothing to do. If it was not, choose a new password within
            three days: that signs out every device, and takes off a second factor that somebody else put there.
            {kind === 'codes_renewed' && ' Then make recovery codes again, which voids these.'}
          </Words>
          <Action href={url}>Choose a new password</Action>
        </>
      )}
    </Layout>,
  );
}

/** Prove that an address is yours. */
export function verifyAddressMail({ url, minutes }: LinkMailData): Promise<Mail> {
  return renderMail(
    'Is this your address?',
    <Layout
      preview="One tap, and orders made with this address are yours."
      title="Is this your address?"
      why="You get this because this address was given for a Liventix account. If it wasn’t you, do nothing, and we won’t write again."
    >
      <Words>
        One tap confirms it. Orders made with this address then show up in your account. The link works for{' '}
        {writeDuration(minutes)}.
      </Words>
      <Action href={url}>Yes, it’s mine</Action>
    </Layout>,
  );
}

export interface ChangeAddressMailData extends LinkMailData {
  newEmail: string;
  /** The former address is asked to agree; the new one to prove itself. */
  to: 'former' | 'new';
}

/** Move an account to another address. */
export function changeAddressMail({ url, minutes, newEmail, to }: ChangeAddressMailData): Promise<Mail> {
  return renderMail(
    to === 'former' ? 'Someone wants to change your address' : 'Is this your new address?',
    <Layout
      preview={`Nothing changes until the link is used. It works for ${writeDuration(minutes)}.`}
      title={to === 'former' ? 'Change your address?' : 'Is this your new address?'}
      why={
        to === 'former'
          ? 'You get this because this is the address of your Liventix account. If it wasn’t you, don’t use the link, and change your password.'
          : 'You get this because a Liventix account wants to use this address. If it wasn’t you, do nothing.'
      }
    >
      <Words>
        Your account moves to <strong>{newEmail}</strong> when you use this link. Nothing changes until then. It works
        for {writeDuration(minutes)}.
      </Words>
      <Action href={url}>{to === 'former' ? 'Yes, change it' : 'Yes, it’s mine'}</Action>
      <Small>Your tickets and orders stay with your account.</Small>
    </Layout>,
  );
}

export interface OrganizationInvitationMailData extends LinkMailData {
  organizationName: string;
  inviterName: string;
  /** As the team page names it, for example "scanner". */
  roleLabel: string;
  /** What the role may do, in one sentence. */
  roleWords: string;
}

const QUOTED_MOST = 40;

/** Somebody's words in ours: in quotation marks, and cut where they go on too long. */
function quoted(words: string): string {
  const letters = [...words.replace(/\s+/g, ' ').trim()];
  return `“${letters.length > QUOTED_MOST ? `${letters.slice(0, QUOTED_MOST - 1).join('')}…` : letters.join('')}”`;
}

/** Join an organization. */
export function organizationInvitationMail(data: OrganizationInvitationMailData): Promise<Mail> {
  const { url, minutes, roleLabel, roleWords } = data;
  // Both are words of strangers, on their way to somebody who may not know them.
  const [inviterName, organizationName] = [quoted(data.inviterName), quoted(data.organizationName)];
  return renderMail(
    `${inviterName} asks you to join ${organizationName}`,
    <Layout
      preview={`As ${roleLabel}. ${roleWords}`}
      title={`Join ${organizationName}`}
      why={`You get this because ${inviterName} typed this address. If you don’t know them, do nothing.`}
    >
      <Words>
        {inviterName} asks you to join {organizationName} as <strong>{roleLabel}</strong>. {roleWords}
      </Words>
      <Action href={url}>Join {organizationName}</Action>
      <Small>The invitation stands for {writeDuration(minutes)}, for this address only.</Small>
    </Layout>,
  );
}

export interface RoleChangedMailData {
  organizationName: string;
  /** Who changed it. */
  byName: string;
  /** The new role and what it may do; null: removed from the team. */
  role: { label: string; words: string } | null;
  url: string;
}

/** Someone else changed a member's role, or removed her. */
export function roleChangedMail({ organizationName, byName, role, url }: RoleChangedMailData): Promise<Mail> {
  const [org, by] = [quoted(organizationName), quoted(byName)];
  const title = role ? `You are now ${role.label} of ${org}` : `You no longer belong to ${org}`;
  const words = role
    ? `${by} changed your role at ${org} to ${role.label}. ${role.words}`
    : `${by} removed you from the team of ${org}. You no longer see its events, orders and figures. Your own tickets are not touched.`;
  return renderMail(
    title,
    <Layout preview={words} title={title} why={`You get this because you work for ${org}, or did.`}>
      <Words>{words}</Words>
      {role && <Action href={url}>See what you run</Action>}
      <Small>If this is a mistake, ask an owner of the organization.</Small>
    </Layout>,
  );
}

/** Someone else made this member the one whom buyers' replies reach. */
export function contactMail(data: { organizationName: string; byName: string; url: string }): Promise<Mail> {
  const [org, by] = [quoted(data.organizationName), quoted(data.byName)];
  const title = `Replies to ${org} reach you now`;
  const words = `${by} made you the contact of ${org}. When buyers answer its mails, their mail comes to you, and they see your address.`;
  return renderMail(
    title,
    <Layout preview={words} title={title} why={`You get this because you work for ${org}.`}>
      <Words>{words}</Words>
      <Action href={data.url}>Open the team</Action>
      <Small>If you do not want that, an owner or admin of the organization can choose another contact there.</Small>
    </Layout>,
  );
}
