import { Form, useLocation, useNavigate } from '@remix-run/react';
import {
  IconActivityHeartbeat,
  IconColumns2,
  IconCreditCard,
  IconFlame,
  IconMail,
  IconReceipt,
} from '@tabler/icons-react';
import { useEffect, useState } from 'react';
import { useDemoWords } from '~/platform/i18n/demo.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { Menu, MenuItem, MenuRule } from '~/ui/menu/menu.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import styles from './demo-bar.module.css';
import { TestCards } from './test-cards.tsx';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;
/** The API's client comes when it is asked for: the bar stands on every page. */
const api = () => import('~/platform/trpc.ts').then(({ trpc }) => trpc.demo);

const ROLES = ['mara', 'theo', 'ines', 'admin'] as const;
const NAMES = { mara: 'Mara', theo: 'Theo', ines: 'Ines', admin: 'Admin' } as const;

/** The slim bar on every page of a demo: step into somebody, look at mail and payments, break things on purpose. */
export function DemoBar() {
  const { t } = useDemoWords();
  const { actor } = useRoot();
  const { pathname, search } = useLocation();
  const navigate = useNavigate();
  const [cards, setCards] = useState(false);
  const [breathing, setBreathing] = useState<boolean | null>(null);
  const [breaking, setBreaking] = useState(false);

  useEffect(() => {
    let here = true;
    api()
      .then((demo) => demo.state.query())
      .then(
        (state) => here && setBreathing(state.breathing),
        () => {},
      );
    return () => {
      here = false;
    };
  }, []);

  const replay = async () => {
    setBreaking(true);
    try {
      const { eventId } = await (await api()).replayIncident.mutate();
      toast({ words: t('bar.incident_done'), tone: 'warn' });
      if (actor?.email.startsWith('theo@')) navigate(`${paths.organizeEvent(eventId)}/health`);
    } catch {
      toast({ words: t('bar.failed'), tone: 'bad' });
    } finally {
      setBreaking(false);
    }
  };
  const switchBreathing = () => {
    const on = !breathing;
    api()
      .then((demo) => demo.setBreathing.mutate({ on }))
      .then(
        ({ breathing: now }) => setBreathing(now),
        () => toast({ words: t('bar.failed'), tone: 'bad' }),
      );
  };

  return (
    <aside className={styles.bar} aria-label={t('bar.label')}>
      <div className={styles.inside}>
        <p className={styles.note}>
          <strong>{t('bar.label')}</strong> <span className={styles.wide}>{t('bar.note')}</span>
        </p>
        <Form method="post" action={paths.stepInto()} className={styles.roles} reloadDocument>
          <input type="hidden" name="to" value={pathname + search} />
          <span className={styles.wide}>{t('bar.step_into')}</span>
          {ROLES.map((role) => (
            <button
              key={role}
              type="submit"
              name="role"
              value={role}
              className={styles.role}
              aria-pressed={actor?.email.startsWith(`${role}@`) ?? false}
            >
              {NAMES[role]}
            </button>
          ))}
        </Form>
        <Menu label={t('bar.more')} className={styles.more} trigger={<span>{t('bar.more_short')}</span>}>
          <MenuItem to="/simulators/inbox" leaves icon={<IconMail {...icon} />}>
            {t('bar.inbox')}
          </MenuItem>
          <MenuItem to="/simulators/stripe" leaves icon={<IconReceipt {...icon} />}>
            {t('bar.payments')}
          </MenuItem>
          <MenuItem onClick={() => setCards(true)} icon={<IconCreditCard {...icon} />}>
            {t('bar.cards')}
          </MenuItem>
          <MenuRule />
          <MenuItem to={paths.sideBySide()} icon={<IconColumns2 {...icon} />}>
            {t('bar.side_by_side')}
          </MenuItem>
          <MenuItem onClick={replay} icon={<IconFlame {...icon} />}>
            {breaking ? t('bar.incident_busy') : t('bar.incident')}
          </MenuItem>
          {breathing !== null && (
            <MenuItem onClick={switchBreathing} icon={<IconActivityHeartbeat {...icon} />}>
              {breathing ? t('bar.breathing_on') : t('bar.breathing_off')}
            </MenuItem>
          )}
        </Menu>
      </div>
      <TestCards open={cards} onClose={() => setCards(false)} />
    </aside>
  );
}
