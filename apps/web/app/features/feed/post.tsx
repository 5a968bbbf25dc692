import { type CommentPage, type LikeView, POST_TEXT_MAX, type PostView } from '@liventix/contracts/feed';
import { Link } from '@remix-run/react';
import {
  IconDots,
  IconEye,
  IconEyeOff,
  IconFlag,
  IconMessageCircle,
  IconPencil,
  IconPin,
  IconPinnedOff,
  IconShare2,
  IconTrash,
} from '@tabler/icons-react';
import { type FormEvent, useEffect, useState } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { paths } from '~/platform/paths.ts';
import { useRoot } from '~/platform/root-data.ts';
import { readError, trpc } from '~/platform/trpc.ts';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import { Button } from '~/ui/button/button.tsx';
import { TextArea } from '~/ui/field/field.tsx';
import { LiveNumber } from '~/ui/live-number/live-number.tsx';
import { Menu, MenuItem } from '~/ui/menu/menu.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import { Badges } from './badges.tsx';
import { countsOf, type RoomEntry, type ShownPost } from './feed.rules.ts';
import { feedPaths } from './feed-paths.ts';
import { LikeButton } from './like-button.tsx';
import { keepLike } from './like-wish.ts';
import { Photos } from './photos.tsx';
import styles from './post.module.css';
import { ReasonSheet, type ReasonSheetProps } from './reason-sheet.tsx';
import { ReportsLine } from './reports-line.tsx';
import { SignInAsk } from './sign-in-ask.tsx';
import { Thread } from './thread.tsx';
import { useAgo } from './use-ago.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;

export interface PostProps {
  post: ShownPost;
  /** What the live room says of it. */
  entry: RoomEntry | undefined;
  nowMs: number;
  /** Names the event: in feeds of several. */
  showEvent?: boolean;
  /** Stands alone on its page, its thread open. */
  whole?: CommentPage;
  priority?: boolean;
  onChange: (post: PostView) => void;
  onLike: (answer: LikeView) => void;
  onGone: (postId: string) => void;
}

/** What somebody said: who, proven badges, words, photos, and what can be done about it. */
export function Post({ post, entry, nowMs, showEvent, whole, priority, onChange, onLike, onGone }: PostProps) {
  const { t } = useFeedWords();
  const { actor } = useRoot();
  const known = actor !== null && !actor.isAnonymous;
  const ago = useAgo(nowMs);
  const counts = countsOf(post, entry);
  const [open, setOpen] = useState(whole !== undefined);
  const [focus, setFocus] = useState(false);
  const [asked, setAsked] = useState(false);
  const [editing, setEditing] = useState(false);
  const [asking, setAsking] = useState<ReasonSheetProps['kind']>(null);
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  const name = post.author.name || t('someone');
  const nameId = `by-${post.id}`;

  const share = async () => {
    const url = `${window.location.origin}${feedPaths.post(post.id)}`;
    if (navigator.share)
      await navigator.share({ title: t('post_title', { name, event: post.event.title }), url }).catch(() => undefined);
    else
      await navigator.clipboard.writeText(url).then(
        () => toast({ words: t('copied') }),
        () => undefined,
      );
  };
  const change = async (work: Promise<PostView>) => {
    try {
      onChange(await work);
    } catch (thrown) {
      toast({ tone: 'bad', words: readError(thrown).words ?? t('problem.failed') });
    }
  };
  const sure = async (reason: string) => {
    const ref = { postId: post.id };
    if (asking === 'delete') {
      await trpc.feed.deletePost.mutate(ref);
      onGone(post.id);
    } else if (asking === 'hide') {
      await trpc.feed.hide.mutate({ ...ref, reason });
      onChange((await trpc.feed.post.query(ref)).post);
    } else {
      await trpc.feed.report.mutate({ ...ref, reason });
      toast({ tone: 'ok', words: t('report.done') });
    }
  };

  return (
    <article
      className={styles.post}
      id={`post-${post.id}`}
      aria-labelledby={nameId}
      aria-busy={post.sending || undefined}
      data-hidden={post.hiddenReason !== null || undefined}
    >
      {post.pinned && !showEvent && (
        <p className={styles.pinned}>
          <IconPin size={16} stroke={1.75} aria-hidden />
          {t('pinned')}
        </p>
      )}
      <header className={styles.head}>
        <Avatar name={name} seed={post.author.id} />
        <div className={styles.who}>
          <p className={styles.name}>
            <strong id={nameId}>
              {post.author.slug ? <Link to={paths.organizer(post.author.slug)}>{name}</Link> : name}
            </strong>
            <Badges badges={post.author.badges} />
          </p>
          <p className={styles.meta}>
            {showEvent && (
              <>
                <Link to={paths.event(post.event.slug)} className={styles.event}>
                  {post.event.title}
                </Link>
                <span aria-hidden="true">·</span>
              </>
            )}
            {post.sending ? (
              <span>{t('sending')}</span>
            ) : (
              <Link to={feedPaths.post(post.id)}>
                <time dateTime={post.createdAt.toISOString()}>{ago(post.createdAt)}</time>
              </Link>
            )}
            {post.editedAt && (
              <>
                <span aria-hidden="true">·</span>
                <span>{t('edited')}</span>
              </>
            )}
          </p>
        </div>
        {awake && known && !post.sending && (
          <Menu label={t('menu.label')} trigger={<IconDots {...icon} />} className={styles.menu}>
            {post.mine && (
              <MenuItem icon={<IconPencil {...icon} />} onClick={() => setEditing(true)}>
                {t('menu.edit')}
              </MenuItem>
            )}
            {post.moderator && post.hiddenReason === null && (
              <MenuItem
                icon={post.pinned ? <IconPinnedOff {...icon} /> : <IconPin {...icon} />}
                onClick={() => void change(trpc.feed.pinPost.mutate({ postId: post.id, pinned: !post.pinned }))}
              >
                {t(post.pinned ? 'menu.unpin' : 'menu.pin')}
              </MenuItem>
            )}
            {post.moderator &&
              (post.hiddenReason === null ? (
                <MenuItem icon={<IconEyeOff {...icon} />} onClick={() => setAsking('hide')}>
                  {t('menu.hide')}
                </MenuItem>
              ) : (
                <MenuItem
                  icon={<IconEye {...icon} />}
                  onClick={() =>
                    void change(
                      trpc.feed.unhide
                        .mutate({ postId: post.id })
                        .then(async () => (await trpc.feed.post.query({ postId: post.id })).post),
                    )
                  }
                >
                  {t('menu.unhide')}
                </MenuItem>
              ))}
            {!post.mine && !post.moderator && (
              <MenuItem icon={<IconFlag {...icon} />} onClick={() => setAsking('report')}>
                {t('menu.report')}
              </MenuItem>
            )}
            {post.mine && (
              <MenuItem icon={<IconTrash {...icon} />} tone="bad" onClick={() => setAsking('delete')}>
                {t('menu.delete')}
              </MenuItem>
            )}
          </Menu>
        )}
      </header>
      {post.hiddenReason !== null && (
        <Notice tone="warn" icon={<IconEyeOff {...icon} />}>
          {t('hidden', { reason: post.hiddenReason })}
        </Notice>
      )}
      {awake && post.reports && post.hiddenReason === null && (
        <ReportsLine
          reports={post.reports}
          of={{ postId: post.id }}
          onHide={() => setAsking('hide')}
          onDismissed={() => onChange({ ...post, reports: null })}
        />
      )}
      {editing ? (
        <EditForm
          post={post}
          onDone={(next) => {
            if (next) onChange(next);
            setEditing(false);
          }}
        />
      ) : (
        post.text && <p className={styles.text}>{post.text}</p>
      )}
      <Photos photos={post.photos} name={name} priority={priority} />
      {!post.sending && (
        <>
          <div className={styles.actions}>
            <LikeButton
              postId={post.id}
              palette={post.event.palette}
              liked={post.liked || asked}
              likes={counts.likes}
              version={counts.version}
              onAsk={
                known
                  ? null
                  : () => {
                      keepLike(post.id);
                      setAsked(true);
                    }
              }
              onAnswer={onLike}
            />
            <Link
              to={`${feedPaths.post(post.id)}#comments`}
              className={styles.action}
              aria-label={counts.comments > 0 ? t('comments', { count: counts.comments }) : t('comment')}
              onClick={(press) => {
                if (press.metaKey || press.ctrlKey || press.shiftKey) return;
                press.preventDefault();
                setOpen(true);
                setFocus(true);
              }}
            >
              <IconMessageCircle {...icon} size={24} />
              {counts.comments > 0 ? (
                <LiveNumber value={counts.comments} version={counts.version} />
              ) : (
                <span>{t('comment')}</span>
              )}
            </Link>
            {awake && (
              <button type="button" className={styles.action} onClick={() => void share()}>
                <IconShare2 {...icon} size={24} />
                <span>{t('share')}</span>
              </button>
            )}
          </div>
          {asked && <SignInAsk to="like" />}
          <div id={whole ? 'comments' : undefined}>
            <Thread
              post={post}
              count={counts.comments}
              version={counts.version}
              nowMs={nowMs}
              open={open}
              onOpen={() => setOpen(true)}
              initial={whole}
              focus={focus}
            />
          </div>
        </>
      )}
      <ReasonSheet kind={asking} onClose={() => setAsking(null)} onSure={sure} />
    </article>
  );
}

function EditForm({ post, onDone }: { post: PostView; onDone: (next: PostView | null) => void }) {
  const { t } = useFeedWords();
  const [problem, setProblem] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const text = String(new FormData(event.currentTarget).get('text') ?? '');
    setBusy(true);
    try {
      onDone(await trpc.feed.editPost.mutate({ postId: post.id, text }));
    } catch (thrown) {
      const { code, words } = readError(thrown);
      setProblem(code === 'OFFLINE' ? t('problem.offline') : (words ?? t('problem.failed')));
      setBusy(false);
    }
  };
  return (
    <form
      onSubmit={(event) => void save(event)}
      className={styles.edit}
      onKeyDown={(press) => press.key === 'Escape' && onDone(null)}
    >
      <TextArea
        name="text"
        label={t('edit.label')}
        defaultValue={post.text}
        rows={4}
        maxLength={POST_TEXT_MAX}
        autoFocus
        error={problem}
      />
      <div className={styles.sheetActions}>
        <Button tone="quiet" onClick={() => onDone(null)}>
          {t('edit.cancel')}
        </Button>
        <Button type="submit" tone="primary" small busy={busy}>
          {t('edit.save')}
        </Button>
      </div>
    </form>
  );
}
