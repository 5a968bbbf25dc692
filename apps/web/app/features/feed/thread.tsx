import { COMMENT_TEXT_MAX, COMMENTS_A_PAGE, type CommentPage, type CommentView } from '@liventix/contracts/feed';
import { IconArrowUp, IconDots, IconEye, IconEyeOff, IconFlag, IconTrash, IconX } from '@tabler/icons-react';
import { type FormEvent, type KeyboardEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { useFeedWords } from '~/platform/i18n/feed.ts';
import { useRoot } from '~/platform/root-data.ts';
import { readError, trpc } from '~/platform/trpc.ts';
import { Avatar } from '~/ui/avatar/avatar.tsx';
import { Button } from '~/ui/button/button.tsx';
import { Menu, MenuItem } from '~/ui/menu/menu.tsx';
import { Notice } from '~/ui/notice/notice.tsx';
import { toast } from '~/ui/toast/toast.tsx';
import { Badges } from './badges.tsx';
import { commentIds, type ShownPost } from './feed.rules.ts';
import { ReasonSheet, type ReasonSheetProps } from './reason-sheet.tsx';
import { ReportsLine } from './reports-line.tsx';
import { SignInAsk } from './sign-in-ask.tsx';
import styles from './thread.module.css';
import { useAgo } from './use-ago.ts';

const icon = { size: 20, stroke: 1.75, 'aria-hidden': true } as const;
const MOST = 60;

export interface ThreadProps {
  post: ShownPost;
  /** Comments there are by the newest state known. */
  count: number;
  /** Raised with every change of the post. */
  version: number;
  nowMs: number;
  /** All of it with a place to write; else the newest few. */
  open: boolean;
  onOpen: () => void;
  /** The first page, where the loader brought it. */
  initial?: CommentPage;
  /** Puts the reader where she writes when it opens. */
  focus?: boolean;
}

/** The comments of a post, one level of answers. New ones slide in under the last. */
export function Thread({ post, count, version, nowMs, open, onOpen, initial, focus }: ThreadProps) {
  const { t } = useFeedWords();
  const { actor } = useRoot();
  const known = actor && !actor.isAnonymous ? actor : null;
  const [comments, setComments] = useState(initial?.comments ?? post.newest);
  const [older, setOlder] = useState<{ cursor: string | null; loaded: boolean }>({
    cursor: initial?.olderCursor ?? null,
    loaded: initial !== undefined,
  });
  const [busy, setBusy] = useState(false);
  const [answering, setAnswering] = useState<CommentView | null>(null);
  const [needsAccount, setNeedsAccount] = useState(false);
  const sending = useRef(0);
  const fresh = useFresh(comments);
  const field = useRef<HTMLTextAreaElement>(null);

  const counted = commentIds(comments).length;
  const tops = comments.length;
  const limit = Math.min(
    MOST,
    Math.max(open ? COMMENTS_A_PAGE : 2, tops) + (open ? 0 : Math.max(0, count - post.comments)),
  );

  // Words are asked for when the counts move, a moment later, so that a burst is one question and not everybody asks at
  // once. An open thread also looks again when the post changed in another way: a comment may have been hidden.
  const state = open ? `${count} ${version}` : `${count}`;
  const [asked, setAskedState] = useState(open ? `${post.comments} ${post.version}` : `${post.comments}`);
  const isNew = open ? !older.loaded || state !== asked : asked.split(' ')[0] !== state;
  useEffect(() => {
    if (post.sending || !isNew) return;
    const ask = async () => {
      if (sending.current > 0) return;
      const page = await trpc.feed.comments.query({ postId: post.id, limit }).catch(() => null);
      if (!page || sending.current > 0) return;
      setAskedState(state);
      setComments(page.comments);
      setOlder({ cursor: page.olderCursor, loaded: true });
    };
    const timer = setTimeout(() => void ask(), older.loaded || !open ? 120 + Math.random() * 200 : 0);
    return () => clearTimeout(timer);
  }, [state, isNew, open, older.loaded, limit, post.id, post.sending]);

  useEffect(() => {
    if (open && focus) field.current?.focus();
  }, [open, focus]);

  const more = async () => {
    if (!older.cursor) return;
    setBusy(true);
    const page = await trpc.feed.comments.query({ postId: post.id, cursor: older.cursor }).catch(() => null);
    setBusy(false);
    if (!page) {
      toast({ tone: 'bad', words: t('problem.older') });
      return;
    }
    setComments((now) => [...page.comments, ...now]);
    setOlder({ cursor: page.olderCursor, loaded: true });
  };

  const send = async (text: string): Promise<boolean> => {
    if (!known) return false;
    const parentId = answering?.id ?? null;
    const clientId = crypto.randomUUID();
    const draft: CommentView & { sending: boolean } = {
      sending: true,
      id: clientId,
      postId: post.id,
      parentId,
      author: { id: known.userId, name: known.name, kind: 'person', slug: null, badges: [] },
      text,
      createdAt: new Date(),
      hiddenReason: null,
      reports: null,
      mine: true,
      answers: [],
    };
    sending.current += 1;
    setComments((now) => place(now, draft));
    try {
      const made = await trpc.feed.comment.mutate({
        postId: post.id,
        clientId,
        text,
        ...(parentId ? { parentId } : {}),
      });
      setComments((now) => place(drop(drop(now, clientId), made.id), made));
      setAnswering(null);
      return true;
    } catch (thrown) {
      setComments((now) => drop(now, clientId));
      throw thrown;
    } finally {
      sending.current -= 1;
    }
  };

  const hidden = open ? 0 : count - counted;
  const start = (comment: CommentView | null) => {
    if (!known) {
      setNeedsAccount(true);
      return;
    }
    setAnswering(comment);
    onOpen();
    requestAnimationFrame(() => field.current?.focus());
  };

  return (
    <div className={styles.thread} data-open={open || undefined}>
      {!open && count > 0 && (hidden > 0 || counted === 0) && (
        <button type="button" className={styles.more} onClick={onOpen}>
          {t('thread.view', { count })}
        </button>
      )}
      {open && older.cursor && (
        <Button tone="quiet" busy={busy} onClick={() => void more()}>
          {t('thread.older')}
        </Button>
      )}
      {comments.length > 0 && (
        <ol className={styles.comments} aria-label={t('thread.label')}>
          {comments.map((comment) => (
            <li key={comment.id} className={fresh.has(comment.id) ? styles.in : undefined}>
              <Comment
                comment={comment}
                post={post}
                nowMs={nowMs}
                sending={isDraft(comment)}
                onAnswer={() => start(comment)}
                onGone={(id) => setComments((now) => drop(now, id))}
              />
              {comment.answers.length > 0 && (
                <ol className={styles.answers}>
                  {comment.answers.map((answer) => (
                    <li key={answer.id} className={fresh.has(answer.id) ? styles.in : undefined}>
                      <Comment
                        comment={answer}
                        post={post}
                        nowMs={nowMs}
                        sending={isDraft(answer)}
                        onGone={(id) => setComments((now) => drop(now, id))}
                      />
                    </li>
                  ))}
                </ol>
              )}
            </li>
          ))}
        </ol>
      )}
      {open && older.loaded && comments.length === 0 && <p className={styles.none}>{t('thread.none')}</p>}
      {(needsAccount || (open && !known)) && <SignInAsk to="comment" />}
      {open && known && (
        <Writer
          field={field}
          name={known.name}
          seed={known.userId}
          answering={answering}
          onForget={() => setAnswering(null)}
          onSend={send}
        />
      )}
    </div>
  );
}

const isDraft = (comment: CommentView): boolean => (comment as { sending?: boolean }).sending === true;

/** A comment put where it belongs: under what it answers, or at the end. */
function place(comments: readonly CommentView[], comment: CommentView): CommentView[] {
  if (comment.parentId && comments.some((top) => top.id === comment.parentId))
    return comments.map((top) => (top.id === comment.parentId ? { ...top, answers: [...top.answers, comment] } : top));
  return [...comments, comment];
}

function drop(comments: readonly CommentView[], id: string): CommentView[] {
  return comments
    .filter((comment) => comment.id !== id)
    .map((comment) => ({ ...comment, answers: comment.answers.filter((answer) => answer.id !== id) }));
}

/** Ids that were not there when the thread was first drawn. Older ones that are loaded above don't slide. */
function useFresh(comments: readonly CommentView[]): ReadonlySet<string> {
  const [seen] = useState(() => new Set(commentIds(comments)));
  const newest = useRef(Math.max(0, ...comments.map((comment) => comment.createdAt.getTime())));
  return new Set(
    comments
      .flatMap((comment) => [comment, ...comment.answers])
      .filter((comment) => !seen.has(comment.id) && newest.current > 0 && comment.createdAt.getTime() > newest.current)
      .map((comment) => comment.id),
  );
}

interface CommentProps {
  comment: CommentView;
  post: ShownPost;
  nowMs: number;
  sending: boolean;
  onAnswer?: () => void;
  onGone: (id: string) => void;
}

function Comment({ comment, post, nowMs, sending, onAnswer, onGone }: CommentProps) {
  const { t } = useFeedWords();
  const ago = useAgo(nowMs);
  const [asking, setAsking] = useState<ReasonSheetProps['kind']>(null);
  const [hiddenReason, setHiddenReason] = useState(comment.hiddenReason);
  const [reports, setReports] = useState(comment.reports);
  const [awake, setAwake] = useState(false);
  useEffect(() => setAwake(true), []);
  useEffect(() => setReports(comment.reports), [comment.reports]);
  useEffect(() => setHiddenReason(comment.hiddenReason), [comment.hiddenReason]);
  const { actor } = useRoot();
  const known = actor !== null && !actor.isAnonymous;
  const name = comment.author.name || t('someone');

  const sure = async (reason: string) => {
    const ref = { commentId: comment.id };
    if (asking === 'delete') {
      await trpc.feed.deleteComment.mutate(ref);
      onGone(comment.id);
    } else if (asking === 'hide') {
      await trpc.feed.hide.mutate({ ...ref, reason });
      setHiddenReason(reason);
      setReports(null);
    } else {
      await trpc.feed.report.mutate({ ...ref, reason });
      toast({ tone: 'ok', words: t('report.done') });
    }
  };
  const unhide = () =>
    trpc.feed.unhide.mutate({ commentId: comment.id }).then(
      () => setHiddenReason(null),
      () => toast({ tone: 'bad', words: t('problem.failed') }),
    );

  return (
    <article
      className={styles.comment}
      data-hidden={hiddenReason !== null || undefined}
      aria-busy={sending || undefined}
    >
      <Avatar name={name} seed={comment.author.id} size={28} />
      <div className={styles.words}>
        <p className={styles.head}>
          <strong>{name}</strong>
          <Badges badges={comment.author.badges} />
          <time dateTime={comment.createdAt.toISOString()}>{sending ? t('sending') : ago(comment.createdAt)}</time>
        </p>
        <p className={styles.text}>{comment.text}</p>
        {hiddenReason !== null && <p className={styles.hidden}>{t('hidden', { reason: hiddenReason })}</p>}
        {awake && reports && hiddenReason === null && (
          <ReportsLine
            reports={reports}
            of={{ commentId: comment.id }}
            onHide={() => setAsking('hide')}
            onDismissed={() => setReports(null)}
          />
        )}
        {onAnswer && awake && !sending && hiddenReason === null && (
          <button type="button" className={styles.answer} onClick={onAnswer}>
            {t('thread.answer')}
          </button>
        )}
      </div>
      {awake && known && !sending && (
        <Menu label={t('menu.label_comment')} trigger={<IconDots {...icon} />} className={styles.menu}>
          {comment.mine && (
            <MenuItem icon={<IconTrash {...icon} />} tone="bad" onClick={() => setAsking('delete')}>
              {t('menu.delete')}
            </MenuItem>
          )}
          {!comment.mine && !post.moderator && (
            <MenuItem icon={<IconFlag {...icon} />} onClick={() => setAsking('report')}>
              {t('menu.report')}
            </MenuItem>
          )}
          {post.moderator &&
            (hiddenReason === null ? (
              <MenuItem icon={<IconEyeOff {...icon} />} onClick={() => setAsking('hide')}>
                {t('menu.hide')}
              </MenuItem>
            ) : (
              <MenuItem icon={<IconEye {...icon} />} onClick={() => void unhide()}>
                {t('menu.unhide')}
              </MenuItem>
            ))}
        </Menu>
      )}
      <ReasonSheet kind={asking} onClose={() => setAsking(null)} onSure={sure} />
    </article>
  );
}

interface WriterProps {
  field: RefObject<HTMLTextAreaElement>;
  name: string;
  seed: string;
  answering: CommentView | null;
  onForget: () => void;
  /** Throws when it wasn't sent. */
  onSend: (text: string) => Promise<boolean>;
}

/** One line that grows. Enter sends, with shift it breaks the line; what wasn't sent stays. */
function Writer({ field, name, seed, answering, onForget, onSend }: WriterProps) {
  const { t } = useFeedWords();
  const [text, setText] = useState('');
  const [problem, setProblem] = useState<string | null>(null);
  const busy = useRef(false);

  const submit = async () => {
    const words = text.trim();
    if (!words || busy.current) return;
    busy.current = true;
    setText('');
    setProblem(null);
    try {
      await onSend(words);
    } catch (thrown) {
      const { code, words: why } = readError(thrown);
      setText((now) => now || words);
      setProblem(code === 'OFFLINE' ? t('problem.offline') : (why ?? t('problem.failed')));
    } finally {
      busy.current = false;
    }
  };
  const onKeyDown = (press: KeyboardEvent) => {
    if (press.key === 'Escape' && answering) onForget();
    if (press.key !== 'Enter' || press.shiftKey || press.nativeEvent.isComposing) return;
    press.preventDefault();
    void submit();
  };
  const label = t(answering ? 'thread.write_answer' : 'thread.write');
  return (
    <form
      className={styles.writer}
      onSubmit={(event: FormEvent) => {
        event.preventDefault();
        void submit();
      }}
    >
      {answering && (
        <p className={styles.answering}>
          {t('thread.answering', { name: answering.author.name || t('someone') })}
          <button type="button" onClick={onForget} aria-label={t('edit.cancel')}>
            <IconX size={16} stroke={1.75} aria-hidden />
          </button>
        </p>
      )}
      <Avatar name={name} seed={seed} size={28} />
      <div className={styles.field} data-value={text}>
        <textarea
          ref={field}
          rows={1}
          value={text}
          maxLength={COMMENT_TEXT_MAX}
          placeholder={label}
          aria-label={label}
          onChange={(event) => setText(event.target.value)}
          onKeyDown={onKeyDown}
          enterKeyHint="send"
        />
      </div>
      <button type="submit" className={styles.send} aria-label={t('thread.send')} disabled={!text.trim()}>
        <IconArrowUp {...icon} />
      </button>
      {problem && (
        <div className={styles.problem}>
          <Notice tone="bad" role="alert">
            {problem}
          </Notice>
        </div>
      )}
    </form>
  );
}
