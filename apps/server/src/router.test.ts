import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { appRouter } from './router.ts';
import { createTestApp, type TestApp } from './testing/index.ts';

/**
 * Who may call what. A new procedure fails the first test until somebody decides here:
 * - visitor: anybody, signed in or not; whose things are whose is decided by the verb and by row level security
 * - person: somebody, a silent guest is enough; other people's things do not exist for her
 * - account: somebody with an account
 * - role: an account with a permission on this event or organization; strangers hear that it does not exist
 * - admin: the platform's own staff; for everybody else it does not exist
 * - demo: anybody, in the demo alone
 */
type Caller = 'visitor' | 'person' | 'account' | 'role' | 'admin' | 'demo';

const CALLERS: Record<string, Caller> = {
  'accounts.me': 'visitor',
  'accounts.updateProfile': 'account',
  'accounts.signInLink': 'visitor',
  'accounts.openSignInLink': 'visitor',
  'accounts.addressLink': 'visitor',
  'accounts.openAddressLink': 'account',
  'accounts.resetLink': 'visitor',
  'accounts.sessions': 'person',
  'accounts.revokeSession': 'person',
  'accounts.export': 'account',
  'accounts.delete': 'person',
  'demo.state': 'demo',
  'demo.setBreathing': 'demo',
  'demo.replayIncident': 'demo',
  'events.discover': 'visitor',
  'events.movingNow': 'visitor',
  'events.cities': 'visitor',
  'events.categories': 'visitor',
  'events.bySlug': 'visitor',
  'events.host': 'visitor',
  'events.saved': 'visitor',
  'events.save': 'visitor',
  'events.unsave': 'visitor',
  'events.confirmAlert': 'visitor',
  'events.tellMe': 'visitor',
  'events.untellMe': 'visitor',
  'events.viewed': 'visitor',
  'feed.dismissReports': 'role',
  'feed.posts': 'visitor',
  'feed.home': 'visitor',
  'feed.post': 'visitor',
  'feed.comments': 'visitor',
  'feed.createPost': 'account',
  'feed.editPost': 'account',
  'feed.deletePost': 'account',
  'feed.pinPost': 'role',
  'feed.like': 'account',
  'feed.unlike': 'account',
  'feed.comment': 'account',
  'feed.deleteComment': 'account',
  'feed.hide': 'role',
  'feed.unhide': 'role',
  'feed.report': 'account',
  'feed.reports': 'role',
  'health.all': 'admin',
  'holds.place': 'visitor',
  'holds.extend': 'person',
  'holds.release': 'person',
  'holds.current': 'visitor',
  'live.snapshot': 'visitor',
  'live.now': 'visitor',
  'orders.checkout': 'visitor',
  'orders.create': 'person',
  'orders.mine': 'visitor',
  'orders.byCode': 'person',
  'organizations.mine': 'account',
  'organizations.create': 'account',
  'organizations.update': 'role',
  'organizations.members': 'role',
  'organizations.invite': 'role',
  'organizations.withdrawInvite': 'role',
  'organizations.invitation': 'visitor',
  'organizations.acceptInvite': 'account',
  'organizations.setRole': 'role',
  'organizations.removeMember': 'role',
  'organizations.follow': 'account',
  'organizations.unfollow': 'account',
  'organizer.overview': 'account',
  'organizer.event': 'role',
  'organizer.dashboard': 'role',
  'organizer.days': 'role',
  'organizer.createEvent': 'account',
  'organizer.updateEvent': 'role',
  'organizer.changePoster': 'role',
  'organizer.tiers.create': 'role',
  'organizer.tiers.update': 'role',
  'organizer.tiers.delete': 'role',
  'organizer.tiers.reorder': 'role',
  'organizer.readiness': 'role',
  'organizer.publish': 'role',
  'organizer.unpublish': 'role',
  'organizer.pause': 'role',
  'organizer.resume': 'role',
  'organizer.orders': 'role',
  'organizer.order': 'role',
  'organizer.attendees': 'role',
  'organizer.admit': 'role',
  'organizer.undoAdmit': 'role',
  'organizer.refundOrder': 'role',
  'organizer.health': 'role',
  'organizer.reconcile': 'role',
  'payments.start': 'person',
  'payments.sync': 'person',
  'security.read': 'account',
  'security.proof': 'visitor',
  'security.askForPasskey': 'visitor',
  'security.prove': 'visitor',
  'security.startApp': 'account',
  'security.finishApp': 'account',
  'security.removeApp': 'account',
  'security.startPasskey': 'account',
  'security.addPasskey': 'account',
  'security.renamePasskey': 'account',
  'security.removePasskey': 'account',
  'security.renewCodes': 'account',
  'tickets.mine': 'person',
  'tickets.ofOrder': 'person',
  'tickets.get': 'person',
  'tickets.resend': 'person',
  'tickets.findOrders': 'visitor',
  'tickets.claimLink': 'visitor',
  'waitingRoom.read': 'visitor',
  'waitingRoom.glance': 'visitor',
  'waitingRoom.enter': 'visitor',
  'waitingRoom.stay': 'person',
  'waitingRoom.leave': 'person',
  'waitingRoom.pause': 'role',
};

const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { type: 'query' | 'mutation'; inputs: unknown[] } }
>;
const NAMES = Object.keys(procedures).sort();

const NOBODY = '01890000-0000-7000-8000-00000000dead';
const BAD_TEXT = "x'); drop table events.events; -- <script>\u0000";
/** Nothing of this is what any procedure asks for. */
const GARBAGE: unknown[] = [
  undefined,
  null,
  0,
  'x',
  [],
  {},
  { id: '../../etc/passwd', eventId: 'x', slug: BAD_TEXT, code: BAD_TEXT, token: BAD_TEXT },
  { eventId: NOBODY, lines: [{ tierId: NOBODY, quantity: 2 ** 53 }], quantity: -1.5, checkoutId: 1e300 },
  { __proto__: { admin: true }, constructor: { prototype: { role: 'admin' } }, limit: 1e9, cursor: BAD_TEXT },
];

let app: TestApp;
beforeAll(async () => {
  app = await createTestApp({ simulators: false });
});
afterAll(() => app?.close());

interface Answer {
  status: number;
  text: string;
  code: string | undefined;
}

type Fetch = (path: string, init?: RequestInit) => Promise<Response>;

async function call(fetchIt: Fetch, name: string, input: unknown): Promise<Answer> {
  const body = JSON.stringify(input === undefined ? {} : { json: input });
  const response =
    procedures[name]?._def.type === 'mutation'
      ? await fetchIt(`/trpc/${name}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body })
      : await fetchIt(`/trpc/${name}?input=${encodeURIComponent(body)}`);
  const text = await response.text();
  const answer = JSON.parse(text) as { error?: { json: { data: { code: string } } } };
  return { status: response.status, text, code: answer.error?.json.data.code };
}

/** What never leaves the house, whatever was asked. */
const INSIDES = /\bat \S+ \(|node_modules|file:\/\/|\.ts:\d+|"stack"|postgres|syntax error|select |relation "/i;

describe('who may call what', () => {
  it('is decided for every procedure there is, and for no other', () => {
    expect(Object.keys(CALLERS).sort()).toEqual(NAMES);
  });

  it.each(NAMES)(
    '%s answers a visitor who sends nonsense with a refusal, never with a fault or its insides',
    async (name) => {
      const caller = CALLERS[name];
      for (const input of GARBAGE) {
        app.services.limits.clear();
        const { status, text, code } = await call(app.visitor().fetch, name, input);
        const said = `${name}(${JSON.stringify(input)}) -> ${status} ${text.slice(0, 300)}`;
        expect(status, said).toBeLessThan(500);
        expect(INSIDES.exec(text)?.[0], said).toBeUndefined();
        if (caller === 'demo') expect([400, 404], said).toContain(status);
        else if (caller === 'admin') expect([status, code], said).toEqual([404, 'NOT_FOUND']);
        // Whoever is nobody learns that first, before anything about what she sent.
        else if (caller !== 'visitor') expect([status, code], said).toEqual([401, 'SIGN_IN_REQUIRED']);
        else expect([200, 400, 401, 404, 409, 410], said).toContain(status);
      }
    },
  );

  it('a silent guest is nobody where an account is asked for', async () => {
    const guest = await app.guest();
    for (const name of NAMES.filter((each) => CALLERS[each] === 'account' || CALLERS[each] === 'role')) {
      app.services.limits.clear();
      const { status, code } = await call(guest.fetch, name, { id: NOBODY, eventId: NOBODY });
      expect([name, status, code]).toEqual([name, 401, 'SIGN_IN_REQUIRED']);
    }
  });

  it('a stranger with an account gets nothing but refusals where a role decides, and no fault', async () => {
    const stranger = await app.signUp();
    for (const name of NAMES.filter((each) => CALLERS[each] === 'role'))
      for (const input of [
        ...GARBAGE,
        { id: NOBODY, eventId: NOBODY, orgId: NOBODY, postId: NOBODY, tierId: NOBODY, orderId: NOBODY },
      ]) {
        app.services.limits.clear();
        const { status, text } = await call(stranger.fetch, name, input);
        const said = `${name}(${JSON.stringify(input)}) -> ${status} ${text.slice(0, 300)}`;
        expect([400, 403, 404], said).toContain(status);
        expect(INSIDES.exec(text)?.[0], said).toBeUndefined();
      }
  });
});
